package dev.chatlab.local;

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

/** Which route a message takes, and what comes back: an answer, nothing, or a frame of API Gateway's own. */
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
    void forbids_what_no_route_takes(String message) throws Exception {
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
    void tells_that_a_handler_threw_also_where_the_route_has_no_response(String route) throws Exception {
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
    void tells_that_a_handler_ended_in_an_error() throws Exception {
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
    void takes_no_answer_for_a_failure() throws Exception {
        try (var api = answering().on("tell", event -> null);
                var peer = api.connect()) {
            peer.action("tell");
            assertFailure(peer.message(), "Internal server error", connectionId(api));
            assertOpen(peer);
        }
    }

    @Test
    void takes_an_answer_without_a_status_code_for_a_failure() throws Exception {
        try (var api = answering().on("tell", event -> TestApi.body(0, "no status"));
                var peer = api.connect()) {
            peer.action("tell");
            assertFailure(peer.message(), "Internal server error", connectionId(api));
            assertOpen(peer);
        }
    }

    @Test
    void takes_an_answer_larger_than_any_message_for_a_failure() throws Exception {
        try (var api = answering();
                var peer = api.connect()) {
            String id = connectionId(api);
            api.on("ask", event -> TestApi.body(200, "x".repeat(128 * 1024 + 1)));
            peer.action("ask");
            assertFailure(peer.message(), "Internal server error", id);
        }
    }

    @Test
    void tells_that_the_integration_was_over_its_timeout() throws Exception {
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

    /** A function over its own timeout has failed, and its thread is given up. */
    @Test
    void tells_that_the_function_was_over_its_own_timeout() throws Exception {
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

    /** As a client of API Gateway sees it: the status beside a body tells nobody anything. */
    @ParameterizedTest
    @ValueSource(ints = {200, 201, 400, 500})
    void sends_the_body_whatever_the_status(int status) throws Exception {
        try (var api = TestApi.of("routes.yaml").on("ask", event -> TestApi.body(status, "the body"));
                var peer = api.connect()) {
            peer.action("ask");
            assertThat(peer.message()).isEqualTo("the body");
        }
    }

    /** Not even an empty frame: the next that comes is the answer to the next message. */
    @ParameterizedTest
    @ValueSource(strings = {"tell", "select-only", "response-only"})
    void sends_nothing_where_the_template_has_no_response(String route) throws Exception {
        try (var api = answering().on(route, event -> TestApi.body(200, "not to be seen"));
                var peer = api.connect()) {
            peer.action(route);
            api.asked(route);
            assertOpen(peer);
        }
    }

    @Test
    void sends_nothing_for_an_empty_body() throws Exception {
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
    void handles_the_messages_of_one_connection_at_the_same_time() throws Exception {
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
    void tells_a_function_what_API_Gateway_tells() throws Exception {
        try (var api = TestApi.of("routes.yaml");
                var peer = Peer.connect(
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
    void selects_by_the_expression_of_the_template(String message, String route) throws Exception {
        try (var api = TestApi.of("mock.yaml");
                var peer = api.connect()) {
            peer.text(message);
            assertThat(peer.json()).containsEntry("route", route);
        }
    }

    @Test
    void answers_for_a_mock_from_its_template() throws Exception {
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

    /** {@code ask} is answered; {@code $connect} has to be taken out of the queue by the test. */
    private static TestApi answering() {
        return TestApi.of("routes.yaml").on("ask", event -> TestApi.body(200, "open"));
    }

    private static String connectionId(TestApi api) throws InterruptedException {
        return api.asked("$connect").getRequestContext().getConnectionId();
    }

    /** Answers one by one, and nothing in between. */
    private static void assertOpen(Peer peer) throws Exception {
        peer.action("ask");
        assertThat(peer.message()).isEqualTo("open");
    }

    private static void assertFailure(String frame, String message, String connectionId) {
        assertThat(frame)
                .matches("\\{\"message\": \"" + message + "\", \"connectionId\":\"" + connectionId
                        + "\", \"requestId\":\"[A-Za-z0-9_-]{15}=\"}");
    }
}
