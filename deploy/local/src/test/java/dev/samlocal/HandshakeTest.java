package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handshake: {@code $connect} accepts or rejects a connection. */
@Timeout(60)
class HandshakeTest {

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 500, 503})
    void connectStatusOtherThan2xxRejectsWithThatStatus(int status) throws Exception {
        try (var api = TestApi.of("routes.yaml").on("$connect", event -> TestApi.body(status, "not for the client"))) {
            var answer = FrameClient.ask(api.uri());
            assertThat(answer.status()).isEqualTo(status);
            api.asked("$connect");
            api.stop();
            api.assertNeverAsked("$disconnect");
        }
    }

    @Test
    void connectHandlerThatFailsRejectsWith502() throws Exception {
        try (var api = TestApi.of("routes.yaml")) {
            api.on("$connect", event -> {
                throw new IllegalStateException("broken");
            });
            assertThat(FrameClient.ask(api.uri()).status()).isEqualTo(502);
            api.on("$connect", event -> null);
            assertThat(FrameClient.ask(api.uri()).status()).isEqualTo(502);
        }
    }

    @Test
    void connectionIsAcceptedWithoutConnectRoute() throws Exception {
        try (var api = TestApi.of("mock.yaml");
                var peer = api.connect()) {
            peer.text("hello");
            assertThat(peer.json()).containsEntry("route", "$default");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void connectStatus2xxAccepts(int status) throws Exception {
        try (var api = TestApi.of("routes.yaml")
                        .on("$connect", event -> TestApi.status(status))
                        .on("ask", event -> TestApi.body(200, "open"));
                var peer = api.connect()) {
            peer.action("ask");
            assertThat(peer.message()).isEqualTo("open");
        }
    }

    @Test
    void connectionIsGoneUntilConnectHasEnded() throws Exception {
        var statuses = new LinkedBlockingQueue<Integer>();
        try (var http = HttpClient.newHttpClient();
                var api = TestApi.of("routes.yaml")) {
            api.on("$connect", event -> {
                statuses.add(post(http, api, event.getRequestContext().getConnectionId()));
                return TestApi.status(200);
            });
            try (var peer = api.connect()) {
                assertThat(statuses.take()).isEqualTo(410);
                String id = api.asked("$connect").getRequestContext().getConnectionId();
                assertThat(post(http, api, id)).isEqualTo(200);
                assertThat(peer.message()).isEqualTo("hello");
            }
        }
    }

    @Test
    void subprotocolChosenByConnectIsUsedIfOffered() throws Exception {
        try (var api = TestApi.of("routes.yaml").on("$connect", event -> {
            var answer = TestApi.status(200);
            answer.setHeaders(Map.of("Sec-WebSocket-Protocol", "chat"));
            return answer;
        })) {
            try (var peer = FrameClient.connect(api.uri(), "Sec-WebSocket-Protocol: other, chat")) {
                assertThat(peer.handshake().headers()).containsEntry("sec-websocket-protocol", "chat");
            }
            try (var peer = FrameClient.connect(api.uri())) {
                assertThat(peer.handshake().headers()).doesNotContainKey("sec-websocket-protocol");
            }
        }
    }

    @Test
    void onlyTheStageAcceptsHandshakes() throws Exception {
        try (var api = TestApi.of("routes.yaml")) {
            var server = URI.create(api.endpoint());
            assertThat(FrameClient.http(server, "GET", "/test").status()).isEqualTo(426);
            assertThat(FrameClient.ask(URI.create(api.endpoint() + "/other")).status())
                    .isEqualTo(404);
            assertThat(FrameClient.ask(URI.create(api.endpoint() + "/test/deeper"))
                            .status())
                    .isEqualTo(404);
            api.assertNeverAsked("$connect");
            try (var peer = FrameClient.connect(URI.create(api.uri() + "/"))) {
                assertThat(peer.handshake().status()).isEqualTo(101);
            }
        }
    }

    private static int post(HttpClient http, TestApi api, String id) throws Exception {
        var request = HttpRequest.newBuilder(api.connections(id))
                .POST(HttpRequest.BodyPublishers.ofString("hello"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
