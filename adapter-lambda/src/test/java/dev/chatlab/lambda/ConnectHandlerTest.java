package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestIdentity;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryProvider;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The status of a handshake and the stored session, by the origin and the identity of the client. */
class ConnectHandlerTest {

    private static final ConnectionId CONNECTION = new ConnectionId("a-connection=");
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final String GUEST = "eu-west-1:0f6a0c35-9d4e-4b7b-8a44-3e1f1c1d2a01";
    private static final String GUEST_ROLE = "arn:aws:sts::000000000000:assumed-role/guests/CognitoIdentityCredentials";

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "CHAT_STORE", "memory",
            "CHAT_MEMORY", UUID.randomUUID().toString(),
            "CHAT_MANAGEMENT_ENDPOINT", "http://127.0.0.1:9/dev",
            "ALLOWED_ORIGINS", "https://chat.example",
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local"));

    @Test
    void handshakeOfAllowedOriginOpensASession() {
        assertThat(connect(event -> event.setHeaders(Map.of("Origin", "https://chat.example"))))
                .isEqualTo(200);
        assertThat(stored()).containsExactly(new Connected(CONNECTION, Option.none(), NOW));
    }

    @Test
    void handshakeOfForeignOriginIsForbiddenAndStoresNothing() {
        assertThat(connect(event -> event.setHeaders(Map.of("origin", "https://evil.example"))))
                .isEqualTo(403);
        assertThat(stored()).isEmpty();
    }

    @Test
    void stageVariableOfTheEventDecidesIfTheEnvironmentHasNone() {
        environment.remove("ALLOWED_ORIGINS");
        var handler = new ConnectHandler(environment);

        assertThat(status(handler, "https://chat.example", Map.of())).isEqualTo(403);
        assertThat(status(handler, "https://chat.example", Map.of("ALLOWED_ORIGINS", "https://chat.example")))
                .isEqualTo(200);
        assertThat(status(handler, "https://chat.example", Map.of("ALLOWED_ORIGINS", "https://other.example")))
                .isEqualTo(403);
        assertThat(status(handler, "https://chat.example", Map.of("ALLOWED_ORIGINS", "any")))
                .isEqualTo(200);
    }

    @Test
    void environmentOverridesTheStageVariable() {
        assertThat(status(
                        new ConnectHandler(environment),
                        "https://other.example",
                        Map.of("ALLOWED_ORIGINS", "https://other.example")))
                .isEqualTo(403);
    }

    @Test
    void stageVariableThatIsNotAListOfOriginsFailsTheHandshake() {
        environment.remove("ALLOWED_ORIGINS");

        assertThat(status(
                        new ConnectHandler(environment),
                        "https://chat.example",
                        Map.of("ALLOWED_ORIGINS", "https://chat.example,chat.example")))
                .isEqualTo(500);
        assertThat(stored()).isEmpty();
    }

    private static int status(ConnectHandler handler, String origin, Map<String, String> stageVariables) {
        return connect(handler, event -> {
            event.setHeaders(Map.of("Origin", origin));
            event.setStageVariables(stageVariables);
        });
    }

    @Test
    void guestIsIdentifiedByTheIdFromTheIdentityPool() {
        assertThat(connect(event -> identity(event).setCognitoIdentityId(GUEST)))
                .isEqualTo(200);
        assertThat(stored()).containsExactly(new Connected(CONNECTION, Option.some(new Identity(GUEST)), NOW));
    }

    @Test
    void otherClientIsIdentifiedByItsArn() {
        connect(event -> identity(event).setUserArn("arn:aws:iam::000000000000:user/ann"));

        assertThat(stored())
                .containsExactly(new Connected(
                        CONNECTION, Option.some(new Identity("arn:aws:iam::000000000000:user/ann")), NOW));
    }

    @Test
    void invalidIdentityFailsTheHandshake() {
        assertThat(connect(event -> identity(event).setCognitoIdentityId(" "))).isEqualTo(400);
        assertThat(stored()).isEmpty();
    }

    private static RequestIdentity identity(APIGatewayV2WebSocketEvent event) {
        var identity = new RequestIdentity();
        identity.setSourceIp("192.0.2.1");
        identity.setUserArn(GUEST_ROLE);
        event.getRequestContext().setIdentity(identity);
        return identity;
    }

    private int connect(Consumer<APIGatewayV2WebSocketEvent> change) {
        return connect(new ConnectHandler(environment), change);
    }

    private static int connect(
            RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> handler,
            Consumer<APIGatewayV2WebSocketEvent> change) {
        var context = new RequestContext();
        context.setEventType("CONNECT");
        context.setRouteKey("$connect");
        context.setRequestId("a-request");
        context.setConnectionId(CONNECTION.value());
        context.setRequestTimeEpoch(NOW.toEpochMilli());
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        change.accept(event);
        return handler.handleRequest(event, null).getStatusCode();
    }

    private Seq<ChatEvent> stored() {
        return new InMemoryProvider().open(environment).read(StreamId.of(CONNECTION), 0);
    }
}
