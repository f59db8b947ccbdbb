package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code $disconnect} runs exactly once for each connection, in whatever way it ends. */
@Timeout(60)
class DisconnectTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void cleanCloseRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> peer.leave(1000));
    }

    @Test
    void closeWithoutCodeRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> {
            peer.frame(FrameClient.CLOSE, true, new byte[0]);
            assertThat(peer.frame().opCode()).isEqualTo(FrameClient.CLOSE);
        });
    }

    @Test
    void resetRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> peer.reset());
    }

    @Test
    void endOfStreamRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> peer.close());
    }

    @Test
    void resetWithinMessageRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> {
            peer.frame(FrameClient.TEXT, false, new byte[] {'{'});
            peer.reset();
        });
    }

    @Test
    void deleteRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> {
            assertThat(send(api, "DELETE", id)).isEqualTo(204);
            assertThat(peer.closed()).isEqualTo(1000);
        });
    }

    @Test
    void deleteThatClientDoesNotAnswerRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> assertThat(send(api, "DELETE", id)).isEqualTo(204));
    }

    @Test
    void stoppingGatewayRunsDisconnectOnce() throws Exception {
        ends((api, peer, id) -> {
            var stopped = CompletableFuture.runAsync(api::stop);
            assertThat(peer.closed()).isEqualTo(1001);
            stopped.join();
        });
    }

    @Test
    void connectionIsGoneWhenDisconnectRuns() throws Exception {
        var statuses = new LinkedBlockingQueue<Integer>();
        try (var api = TestApi.of("routes.yaml")) {
            api.on("$disconnect", event -> {
                statuses.add(send(api, "POST", event.getRequestContext().getConnectionId()));
                return null;
            });
            try (var peer = api.connect()) {
                peer.leave(1000);
            }
            assertThat(statuses.take()).isEqualTo(410);
        }
    }

    /** A handler can use tables and other connections until it has ended. */
    @Test
    void stoppingGatewayWaitsForMessageInProgress() throws Exception {
        var finish = new CountDownLatch(1);
        try (var api = TestApi.of("routes.yaml").on("tell", event -> {
                    finish.await();
                    return null;
                });
                var peer = api.connect()) {
            peer.action("tell");
            api.asked("tell");
            var stopped = CompletableFuture.runAsync(api::stop);
            assertThat(peer.closed()).isEqualTo(1001);
            api.asked("$disconnect");
            assertThatThrownBy(() -> stopped.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            finish.countDown();
            stopped.join();
        } finally {
            finish.countDown();
        }
    }

    @Test
    void gatewayStopsAfterTimeoutOfDisconnectHandler() throws Exception {
        var never = new CountDownLatch(1);
        try (var api = TestApi.limited("routes.yaml", limits -> limits.withStopTimeout(Duration.ofMillis(100)))
                        .on("$disconnect", event -> {
                            never.await();
                            return null;
                        });
                var peer = api.connect()) {
            peer.leave(1000);
            api.asked("$disconnect");
            api.stop();
        } finally {
            never.countDown();
        }
    }

    private interface End {
        void of(TestApi api, FrameClient peer, String connectionId) throws Exception;
    }

    private void ends(End end) throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String id = api.asked("$connect").getRequestContext().getConnectionId();
            end.of(api, peer, id);
            assertThat(api.asked("$disconnect").getRequestContext().getConnectionId())
                    .isEqualTo(id);
            // Stopping waits for all handlers.
            api.stop();
            api.assertNeverAsked("$disconnect");
        }
    }

    private int send(TestApi api, String method, String id) throws Exception {
        var request = HttpRequest.newBuilder(api.connections(id))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
