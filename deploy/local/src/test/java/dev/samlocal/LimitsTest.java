package dev.samlocal;

import static dev.samlocal.FrameClient.BINARY;
import static dev.samlocal.FrameClient.CLOSE;
import static dev.samlocal.FrameClient.CONTINUATION;
import static dev.samlocal.FrameClient.PING;
import static dev.samlocal.FrameClient.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that close a connection: frames and messages that are too large or invalid, idleness, and age. */
@Timeout(60)
class LimitsTest {

    private static final int FRAME = 32 * 1024;

    @Test
    void frameOf32KBIsAccepted() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String message = tell(FRAME);
            peer.text(message);
            assertThat(api.asked("tell").getBody()).isEqualTo(message);
        }
    }

    @Test
    void frameOver32KBClosesWith1009() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.text(tell(FRAME + 1));
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    @Test
    void announcedFrameOf64MBClosesWith1009() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.announce(TEXT, 64 * 1024 * 1024);
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128 * 1024 + 1, 1024 * 1024, 1024 * 1024 + 1, 8 * 1024 * 1024})
    void wholeFrameOfAnySizeClosesWith1009(int size) throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.text(tell(size));
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    @Test
    void messageOf128KBInFramesIsAccepted() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String message = tell(4 * FRAME);
            send(peer, message);
            assertThat(api.asked("tell").getBody()).isEqualTo(message);
        }
    }

    @Test
    void messageOver128KBInSmallFramesClosesWith1009() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            send(peer, tell(4 * FRAME + 1));
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    @Test
    void tooLargeFrameOfUnfinishedMessageClosesWith1009() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.frame(TEXT, false, new byte[FRAME + 1]);
            assertThat(peer.closed()).isEqualTo(1009);
        }
    }

    @Test
    void binaryMessageClosesWith1003() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.frame(BINARY, true, "{\"action\":\"tell\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(peer.closed()).isEqualTo(1003);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    @Test
    void invalidUtf8ClosesWith1007() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.frame(TEXT, true, new byte[] {'"', (byte) 0xC3, '"'});
            assertThat(peer.closed()).isEqualTo(1007);
        }
    }

    @Test
    void characterSplitOverTwoFramesIsReassembled() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String message = "{\"action\":\"tell\",\"value\":\"ü\"}";
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            peer.frame(TEXT, false, Arrays.copyOf(bytes, bytes.length - 3));
            peer.frame(PING, true, new byte[] {1});
            peer.frame(CONTINUATION, true, Arrays.copyOfRange(bytes, bytes.length - 3, bytes.length));
            assertThat(peer.frame()).satisfies(pong -> {
                assertThat(pong.opCode()).isEqualTo(FrameClient.PONG);
                assertThat(pong.payload()).containsExactly(1);
            });
            assertThat(api.asked("tell").getBody()).isEqualTo(message);
        }
    }

    @Test
    void responseIsSplitIntoFramesOf32KB() throws Exception {
        try (var api = TestApi.of("routes.yaml")) {
            String answer = "x".repeat(4 * FRAME);
            api.on("ask", event -> TestApi.body(200, answer));
            try (var peer = api.connect()) {
                peer.action("ask");
                int size = 0;
                FrameClient.Frame frame;
                do {
                    frame = peer.frame();
                    assertThat(frame.payload()).hasSizeLessThanOrEqualTo(FRAME);
                    size += frame.payload().length;
                } while (!frame.fin());
                assertThat(size).isEqualTo(answer.length());
            }
        }
    }

    /** A client that does not read receives 429, then is disconnected, and delays no other client. */
    @Test
    void clientThatDoesNotReadIsDisconnected() throws Exception {
        try (var http = HttpClient.newHttpClient();
                var api = TestApi.limited("routes.yaml", limits -> limits.withWriteTimeout(Duration.ofMillis(500)));
                var stalled = api.connect()) {
            String stalledId = api.asked("$connect").getRequestContext().getConnectionId();
            try (var reader = api.connect()) {
                String readerId = api.asked("$connect").getRequestContext().getConnectionId();
                var post = HttpRequest.newBuilder(api.connections(stalledId))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(4 * FRAME)))
                        .build();
                var statuses = new TreeSet<Integer>();
                int status;
                do {
                    status = http.send(post, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    statuses.add(status);
                } while (status != 410);
                assertThat(statuses).containsExactly(200, 410, 429);
                assertThat(api.asked("$disconnect").getRequestContext().getConnectionId())
                        .isEqualTo(stalledId);
                var other = HttpRequest.newBuilder(api.connections(readerId))
                        .POST(HttpRequest.BodyPublishers.ofString("hello"))
                        .build();
                assertThat(http.send(other, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
                assertThat(reader.message()).isEqualTo("hello");
                stalled.reset();
            }
        }
    }

    @Test
    void idleConnectionClosesWith1001() throws Exception {
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withIdle(Duration.ofMillis(50)));
                var peer = api.connect()) {
            assertThat(peer.closed()).isEqualTo(1001);
            api.asked("$disconnect");
        }
    }

    @Test
    void busyConnectionClosesWith1001AtEndOfLifetime() throws Exception {
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withLifetime(Duration.ofMillis(300)))) {
            api.on("ask", event -> TestApi.body(200, "yes"));
            try (var peer = api.connect()) {
                FrameClient.Frame frame;
                do {
                    peer.action("ask");
                    frame = peer.frame();
                } while (frame.opCode() == TEXT);
                assertThat(frame.opCode()).isEqualTo(CLOSE);
                assertThat(frame.code()).isEqualTo(1001);
            }
        }
    }

    @Test
    void pingsAreNoActivity() throws Exception {
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withIdle(Duration.ofMillis(300)));
                var peer = api.connect()) {
            FrameClient.Frame frame;
            do {
                peer.frame(PING, true, new byte[0]);
                frame = peer.frame();
            } while (frame.opCode() == FrameClient.PONG);
            assertThat(frame.code()).isEqualTo(1001);
        }
    }

    @Test
    void sendingKeepsConnectionOpen() throws Exception {
        outlives((api, peer, id) -> {
            peer.action("tell");
            api.asked("tell");
        });
    }

    @Test
    void receivingKeepsConnectionOpen() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            outlives((api, peer, id) -> {
                var post = HttpRequest.newBuilder(api.connections(id))
                        .POST(HttpRequest.BodyPublishers.ofString("still there?"))
                        .build();
                assertThat(http.send(post, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
                assertThat(peer.message()).isEqualTo("still there?");
            });
        }
    }

    private interface Activity {
        void on(TestApi api, FrameClient peer, String connectionId) throws Exception;
    }

    /** The active connection is older than the idle one, and outlives it. */
    private static void outlives(Activity activity) throws Exception {
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withIdle(Duration.ofSeconds(1)));
                var busy = api.connect()) {
            String id = api.asked("$connect").getRequestContext().getConnectionId();
            try (var idle = api.connect()) {
                var over = new AtomicBoolean();
                var closed = CompletableFuture.supplyAsync(() -> {
                    try {
                        return idle.closed();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } finally {
                        over.set(true);
                    }
                });
                while (!over.get()) {
                    activity.on(api, busy, id);
                }
                assertThat(closed.join()).isEqualTo(1001);
                activity.on(api, busy, id);
            }
        }
    }

    private static String tell(int size) {
        String message = "{\"action\":\"tell\",\"value\":\"\"}";
        return message.replace("\"\"", "\"" + "x".repeat(size - message.length()) + "\"");
    }

    private static void send(FrameClient peer, String message) throws Exception {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += FRAME) {
            int to = Math.min(bytes.length, from + FRAME);
            peer.frame(from == 0 ? TEXT : CONTINUATION, to == bytes.length, Arrays.copyOfRange(bytes, from, to));
        }
    }
}
