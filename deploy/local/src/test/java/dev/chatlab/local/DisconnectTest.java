package dev.chatlab.local;

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

/** However a connection ends, {@code $disconnect} runs for it, once, and nothing can be sent to it any more. */
@Timeout(60)
class DisconnectTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void after_a_clean_close() throws Exception {
        ends((api, peer, id) -> peer.leave(1000));
    }

    @Test
    void after_a_close_without_a_code() throws Exception {
        ends((api, peer, id) -> {
            peer.frame(Peer.CLOSE, true, new byte[0]);
            assertThat(peer.frame().opCode()).isEqualTo(Peer.CLOSE);
        });
    }

    @Test
    void after_a_reset_without_a_close() throws Exception {
        ends((api, peer, id) -> peer.reset());
    }

    @Test
    void after_the_end_of_the_stream_without_a_close() throws Exception {
        ends((api, peer, id) -> peer.close());
    }

    @Test
    void after_a_reset_in_the_middle_of_a_message() throws Exception {
        ends((api, peer, id) -> {
            peer.frame(Peer.TEXT, false, new byte[] {'{'});
            peer.reset();
        });
    }

    @Test
    void after_a_delete() throws Exception {
        ends((api, peer, id) -> {
            assertThat(send(api, "DELETE", id)).isEqualTo(204);
            assertThat(peer.closed()).isEqualTo(1000);
        });
    }

    /** The one who does not answer the close is not waited for. */
    @Test
    void after_a_delete_that_the_client_does_not_answer() throws Exception {
        ends((api, peer, id) -> assertThat(send(api, "DELETE", id)).isEqualTo(204));
    }

    @Test
    void at_the_end_of_the_gateway() throws Exception {
        ends((api, peer, id) -> {
            var stopped = CompletableFuture.runAsync(api::stop);
            assertThat(peer.closed()).isEqualTo(1001);
            stopped.join();
        });
    }

    /** Whoever is told of a disconnect finds the connection gone. */
    @Test
    void runs_when_the_connection_is_gone() throws Exception {
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

    /** What a function still needs, a table or others' connections, is there until it is done. */
    @Test
    void the_gateway_waits_for_a_message_that_is_being_dealt_with() throws Exception {
        var dealtWith = new CountDownLatch(1);
        try (var api = TestApi.of("routes.yaml").on("tell", event -> {
                    dealtWith.await();
                    return null;
                });
                var peer = api.connect()) {
            peer.action("tell");
            api.asked("tell");
            var stopped = CompletableFuture.runAsync(api::stop);
            assertThat(peer.closed()).isEqualTo(1001);
            api.asked("$disconnect");
            assertThatThrownBy(() -> stopped.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            dealtWith.countDown();
            stopped.join();
        } finally {
            dealtWith.countDown();
        }
    }

    @Test
    void the_gateway_stops_although_a_disconnect_does_not() throws Exception {
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
        void of(TestApi api, Peer peer, String connectionId) throws Exception;
    }

    private void ends(End end) throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = api.connect()) {
            String id = api.asked("$connect").getRequestContext().getConnectionId();
            end.of(api, peer, id);
            assertThat(api.asked("$disconnect").getRequestContext().getConnectionId())
                    .isEqualTo(id);
            // Its end waits for whatever is still to be told.
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
