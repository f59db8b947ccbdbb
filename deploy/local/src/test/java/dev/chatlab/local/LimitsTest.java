package dev.chatlab.local;

import static dev.chatlab.local.Peer.BINARY;
import static dev.chatlab.local.Peer.CLOSE;
import static dev.chatlab.local.Peer.CONTINUATION;
import static dev.chatlab.local.Peer.PING;
import static dev.chatlab.local.Peer.TEXT;
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

/** What ends a connection: frames and messages that are too large or of the wrong kind, silence, and age. */
@Timeout(60)
class LimitsTest {

    private static final int FRAME = 32 * 1024;

    @Test
    void takes_a_frame_of_32_KB() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String message = tell(FRAME);
            peer.text(message);
            assertThat(api.asked("tell").getBody()).isEqualTo(message);
        }
    }

    @Test
    void closes_with_1009_at_a_larger_frame() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.text(tell(FRAME + 1));
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    @Test
    void closes_with_1009_at_a_frame_too_large_to_be_read() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.announce(TEXT, 64 * 1024 * 1024);
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
        }
    }

    /** Whoever sends a frame of any size, whole, is told why it was not taken. */
    @ParameterizedTest
    @ValueSource(ints = {128 * 1024 + 1, 1024 * 1024, 1024 * 1024 + 1, 8 * 1024 * 1024})
    void closes_with_1009_at_a_far_larger_frame(int size) throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.text(tell(size));
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    @Test
    void takes_a_message_of_128_KB_in_frames() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String message = tell(4 * FRAME);
            send(peer, message);
            assertThat(api.asked("tell").getBody()).isEqualTo(message);
        }
    }

    @Test
    void closes_with_1009_at_a_larger_message_each_of_whose_frames_is_small_enough() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            send(peer, tell(4 * FRAME + 1));
            assertThat(peer.closed()).isEqualTo(1009);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    /** The rest of a message that is refused need not ever come. */
    @Test
    void closes_with_1009_although_the_message_has_no_end() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.frame(TEXT, false, new byte[FRAME + 1]);
            assertThat(peer.closed()).isEqualTo(1009);
        }
    }

    @Test
    void closes_with_1003_at_a_binary_message() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.frame(BINARY, true, "{\"action\":\"tell\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(peer.closed()).isEqualTo(1003);
            api.asked("$disconnect");
            api.assertNeverAsked("tell");
        }
    }

    @Test
    void closes_with_1007_at_a_text_that_is_not_UTF_8() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            peer.frame(TEXT, true, new byte[] {'"', (byte) 0xC3, '"'});
            assertThat(peer.closed()).isEqualTo(1007);
        }
    }

    @Test
    void puts_a_character_together_that_was_cut_in_two() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String message = "{\"action\":\"tell\",\"value\":\"ü\"}";
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            peer.frame(TEXT, false, Arrays.copyOf(bytes, bytes.length - 3));
            peer.frame(PING, true, new byte[] {1});
            peer.frame(CONTINUATION, true, Arrays.copyOfRange(bytes, bytes.length - 3, bytes.length));
            assertThat(peer.frame()).satisfies(pong -> {
                assertThat(pong.opCode()).isEqualTo(Peer.PONG);
                assertThat(pong.payload()).containsExactly(1);
            });
            assertThat(api.asked("tell").getBody()).isEqualTo(message);
        }
    }

    /** A message to the client is cut into frames of the same size. */
    @Test
    void sends_no_frame_over_32_KB() throws Exception {
        try (var api = TestApi.of("routes.yaml")) {
            String answer = "x".repeat(4 * FRAME);
            api.on("ask", event -> TestApi.body(200, answer));
            try (var peer = api.connect()) {
                peer.action("ask");
                int size = 0;
                Peer.Frame frame;
                do {
                    frame = peer.frame();
                    assertThat(frame.payload()).hasSizeLessThanOrEqualTo(FRAME);
                    size += frame.payload().length;
                } while (!frame.fin());
                assertThat(size).isEqualTo(answer.length());
            }
        }
    }

    /** Whoever does not read is full at some point, and holds up nobody else; then is cut. */
    @Test
    void cuts_off_whoever_does_not_read() throws Exception {
        try (var http = HttpClient.newHttpClient();
                var api = TestApi.limited("routes.yaml", limits -> limits.withWriteTimeout(Duration.ofMillis(500)));
                var deaf = api.connect()) {
            String deafId = api.asked("$connect").getRequestContext().getConnectionId();
            try (var reader = api.connect()) {
                String readerId = api.asked("$connect").getRequestContext().getConnectionId();
                var post = HttpRequest.newBuilder(api.connections(deafId))
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
                        .isEqualTo(deafId);
                var other = HttpRequest.newBuilder(api.connections(readerId))
                        .POST(HttpRequest.BodyPublishers.ofString("hello"))
                        .build();
                assertThat(http.send(other, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
                assertThat(reader.message()).isEqualTo("hello");
                deaf.reset();
            }
        }
    }

    @Test
    void closes_with_1001_what_is_idle() throws Exception {
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withIdle(Duration.ofMillis(50)));
                var peer = api.connect()) {
            assertThat(peer.closed()).isEqualTo(1001);
            api.asked("$disconnect");
        }
    }

    @Test
    void closes_with_1001_what_has_lived_long_enough_however_busy() throws Exception {
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withLifetime(Duration.ofMillis(300)))) {
            api.on("ask", event -> TestApi.body(200, "yes"));
            try (var peer = api.connect()) {
                Peer.Frame frame;
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
    void does_not_count_pings_as_activity() throws Exception {
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withIdle(Duration.ofMillis(300)));
                var peer = api.connect()) {
            Peer.Frame frame;
            do {
                peer.frame(PING, true, new byte[0]);
                frame = peer.frame();
            } while (frame.opCode() == Peer.PONG);
            assertThat(frame.code()).isEqualTo(1001);
        }
    }

    @Test
    void keeps_open_whoever_sends() throws Exception {
        outlives((api, peer, id) -> {
            peer.action("tell");
            api.asked("tell");
        });
    }

    @Test
    void keeps_open_whoever_is_sent_to() throws Exception {
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
        void on(TestApi api, Peer peer, String connectionId) throws Exception;
    }

    /** The one that is active came first, and is there when the one that came later has been idle for too long. */
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

    private static void send(Peer peer, String message) throws Exception {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += FRAME) {
            int to = Math.min(bytes.length, from + FRAME);
            peer.frame(from == 0 ? TEXT : CONTINUATION, to == bytes.length, Arrays.copyOfRange(bytes, from, to));
        }
    }
}
