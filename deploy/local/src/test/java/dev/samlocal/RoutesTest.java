package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Route selection, and the response to a message: a body, nothing, or one of API Gateway's own error frames. */
@Timeout(60)
class RoutesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"no-such-route\"}",
                "{\"action\":\"$connect\"}",
                "{\"action\":\"$disconnect\"}",
                "{\"action\":\"$default\"}",
                "{\"action\":{\"ask\":1}}",
                "{\"action\":null}",
                "{}",
                "[\"ask\"]",
                "ask",
                "{\"action\":\"ask\"",
                ""
            })
    void messageWithoutRouteIsForbidden(String message) throws Exception {
        try (var api = answering();
                var peer = api.connect()) {
            String id = connectionId(api);
            peer.text(message);
            assertFailure(peer.message(), "Forbidden", id);
            assertOpen(peer);
            api.assertNeverAsked("$connect");
            api.assertNeverAsked("$disconnect");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask", "tell"})
    void handlerThatThrowsSendsErrorFrameEvenWithoutRouteResponse(String route) throws Exception {
        try (var api = TestApi.of("routes.yaml")) {
            api.on(route, event -> {
                throw new IllegalStateException("broken");
            });
            try (var peer = api.connect()) {
                String id = connectionId(api);
                for (int i = 0; i < 2; i++) {
                    peer.action(route);
                    assertFailure(peer.message(), "Internal server error", id);
                }
            }
        }
    }

    @Test
    void handlerThatThrowsErrorSendsErrorFrame() throws Exception {
        try (var api = answering().on("tell", event -> {
                    throw new StackOverflowError();
                });
                var peer = api.connect()) {
            peer.action("tell");
            assertFailure(peer.message(), "Internal server error", connectionId(api));
            assertOpen(peer);
        }
    }

    @Test
    void handlerThatReturnsNullSendsErrorFrame() throws Exception {
        try (var api = answering().on("tell", event -> null);
                var peer = api.connect()) {
            peer.action("tell");
            assertFailure(peer.message(), "Internal server error", connectionId(api));
            assertOpen(peer);
        }
    }

    @Test
    void responseWithoutStatusCodeSendsErrorFrame() throws Exception {
        try (var api = answering().on("tell", event -> TestApi.body(0, "no status"));
                var peer = api.connect()) {
            peer.action("tell");
            assertFailure(peer.message(), "Internal server error", connectionId(api));
            assertOpen(peer);
        }
    }

    @Test
    void responseOverMessageLimitSendsErrorFrame() throws Exception {
        try (var api = answering();
                var peer = api.connect()) {
            String id = connectionId(api);
            api.on("ask", event -> TestApi.body(200, "x".repeat(128 * 1024 + 1)));
            peer.action("ask");
            assertFailure(peer.message(), "Internal server error", id);
        }
    }

    @Test
    void integrationTimeoutSendsErrorFrame() throws Exception {
        var over = new CountDownLatch(1);
        try (var api = answering().on("hurry", event -> {
                    over.await();
                    return TestApi.body(200, "too late");
                });
                var peer = api.connect()) {
            peer.action("hurry");
            assertFailure(peer.message(), "Endpoint request timed out", connectionId(api));
            over.countDown();
            assertOpen(peer);
        }
    }

    @Test
    void functionOverItsTimeoutIsInterruptedAndSendsErrorFrame() throws Exception {
        var interrupted = new CountDownLatch(1);
        try (var api = answering().on("brief", event -> {
                    try {
                        new CountDownLatch(1).await();
                        return null;
                    } finally {
                        interrupted.countDown();
                    }
                });
                var peer = api.connect()) {
            peer.action("brief");
            assertFailure(peer.message(), "Internal server error", connectionId(api));
            assertThat(interrupted.await(TestApi.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertOpen(peer);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 400, 500})
    void bodyIsSentForAnyStatusCode(int status) throws Exception {
        try (var api = TestApi.of("routes.yaml").on("ask", event -> TestApi.body(status, "the body"));
                var peer = api.connect()) {
            peer.action("ask");
            assertThat(peer.message()).isEqualTo("the body");
        }
    }

    /** Not even an empty frame is sent: the next frame is the response to the next message. */
    @ParameterizedTest
    @ValueSource(strings = {"tell", "select-only", "response-only"})
    void routeWithoutResponseSendsNothing(String route) throws Exception {
        try (var api = answering().on(route, event -> TestApi.body(200, "not sent"));
                var peer = api.connect()) {
            peer.action(route);
            api.asked(route);
            assertOpen(peer);
        }
    }

    @Test
    void emptyBodySendsNothing() throws Exception {
        try (var api = TestApi.of("routes.yaml").on("ask", event -> {
                    boolean second = event.getBody().contains("second");
                    return TestApi.body(200, second ? "the second" : "");
                });
                var peer = api.connect()) {
            peer.action("ask");
            api.asked("ask");
            peer.text("{\"action\":\"ask\",\"value\":\"second\"}");
            assertThat(peer.message()).isEqualTo("the second");
        }
    }

    @Test
    void messagesOfOneConnectionAreHandledConcurrently() throws Exception {
        var meeting = new CyclicBarrier(2);
        try (var api = TestApi.of("routes.yaml").on("ask", event -> {
                    meeting.await(TestApi.PATIENCE_SECONDS, TimeUnit.SECONDS);
                    return TestApi.body(200, "met");
                });
                var peer = api.connect()) {
            peer.action("ask");
            peer.action("ask");
            assertThat(List.of(peer.message(), peer.message())).containsOnly("met");
        }
    }

    @Test
    void eventHasTheFieldsOfApiGateway() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = FrameClient.connect(
                        URI.create(api.uri() + "?room=hall&room=attic&name=%C3%BC"),
                        "User-Agent: peer",
                        "Origin: http://somewhere")) {
            var connect = api.asked("$connect");
            var context = connect.getRequestContext();
            String id = context.getConnectionId();
            assertThat(id).matches("[A-Za-z0-9_-]{15}=");
            assertThat(context.getEventType()).isEqualTo("CONNECT");
            assertThat(context.getMessageId()).isNull();
            assertThat(context.getStage()).isEqualTo("test");
            assertThat(context.getApiId()).isEqualTo("Api");
            assertThat(context.getDomainName()).isEqualTo(api.uri().getRawAuthority());
            assertThat(context.getIdentity().getSourceIp()).isEqualTo("127.0.0.1");
            assertThat(context.getIdentity().getUserAgent()).isEqualTo("peer");
            assertThat(context.getConnectedAt()).isPositive();
            assertThat(context.getRequestTimeEpoch()).isGreaterThanOrEqualTo(context.getConnectedAt());
            assertThat(connect.getHeaders())
                    .contains(entry("Origin", "http://somewhere"), entry("X-Forwarded-For", "127.0.0.1"));
            assertThat(connect.getQueryStringParameters()).isEqualTo(Map.of("room", "attic", "name", "ü"));
            assertThat(connect.getMultiValueQueryStringParameters()).containsEntry("room", List.of("hall", "attic"));
            assertThat(connect.getBody()).isNull();

            peer.action("tell");
            var message = api.asked("tell");
            assertThat(message.getBody()).isEqualTo("{\"action\":\"tell\"}");
            assertThat(message.isIsBase64Encoded()).isFalse();
            assertThat(message.getHeaders()).isNull();
            assertThat(message.getQueryStringParameters()).isNull();
            assertThat(message.getRequestContext().getEventType()).isEqualTo("MESSAGE");
            assertThat(message.getRequestContext().getMessageId()).isNotEmpty();
            assertThat(message.getRequestContext().getConnectionId()).isEqualTo(id);
            assertThat(message.getRequestContext().getRequestId()).isNotEqualTo(context.getRequestId());

            peer.leave(1000);
            var gone = api.asked("$disconnect");
            assertThat(gone.getRequestContext().getEventType()).isEqualTo("DISCONNECT");
            assertThat(gone.getRequestContext().getConnectionId()).isEqualTo(id);
            assertThat(gone.getRequestContext().getMessageId()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"message\":{\"kind\":\"7\"}} | 7",
                "{\"message\":{\"kind\":7}}     | 7",
                "{\"message\":{\"kind\":\"8\"}} | $default",
                "{\"message\":{}}               | $default",
                "{\"message\":\"kind\"}         | $default",
                "{\"kind\":\"7\"}               | $default",
                "7                              | $default",
                "not JSON                       | $default",
                "{\"message\":{\"kind\":\"$connect\"}}    | $default",
                "{\"message\":{\"kind\":\"$disconnect\"}} | $default"
            })
    void routeSelectionExpressionSelectsRoute(String message, String route) throws Exception {
        try (var api = TestApi.of("mock.yaml");
                var peer = api.connect()) {
            peer.text(message);
            assertThat(peer.json()).containsEntry("route", route);
        }
    }

    @Test
    void mockRespondsFromItsTemplate() throws Exception {
        try (var api = TestApi.of("mock.yaml");
                var peer = api.connect()) {
            peer.text("{\"message\":{\"kind\":\"mute\"}}");
            peer.text("anything");
            var first = peer.json();
            peer.text("anything");
            var second = peer.json();
            assertThat(first).containsEntry("route", "$default").containsEntry("nothing", "");
            assertThat(first.get("connectionId")).asString().hasSize(16).isEqualTo(second.get("connectionId"));
            assertThat(first.get("requestId")).asString().isNotEmpty().isNotEqualTo(second.get("requestId"));
        }
    }

    /** The route {@code ask} responds. The test takes the {@code $connect} event out of the queue. */
    private static TestApi answering() {
        return TestApi.of("routes.yaml").on("ask", event -> TestApi.body(200, "open"));
    }

    private static String connectionId(TestApi api) throws InterruptedException {
        return api.asked("$connect").getRequestContext().getConnectionId();
    }

    /** Asserts that the next frame is the response to the next message. */
    private static void assertOpen(FrameClient peer) throws Exception {
        peer.action("ask");
        assertThat(peer.message()).isEqualTo("open");
    }

    private static void assertFailure(String frame, String message, String connectionId) {
        assertThat(frame)
                .matches("\\{\"message\": \"" + message + "\", \"connectionId\":\"" + connectionId
                        + "\", \"requestId\":\"[A-Za-z0-9_-]{15}=\"}");
    }
}
