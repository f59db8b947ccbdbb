package dev.chatlab.lambda;

import static dev.chatlab.lambda.ConnectionsApi.Answer.BROKEN;
import static dev.chatlab.lambda.ConnectionsApi.Answer.GONE;
import static dev.chatlab.lambda.ConnectionsApi.Answer.OK;
import static dev.chatlab.lambda.ConnectionsApi.Answer.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Gateway.Delivery;
import dev.chatlab.protocol.Frame;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The outcome of a post for each answer of the API. */
class ConnectionsGatewayTest {

    private static final ConnectionId ANN = new ConnectionId("Q0k_dcm6iYcCGhQ=");
    private static final Frame FRAME = new Frame(Map.of("action", "caf\u00e9 \ud83e\udd80"));

    private final ConnectionsApi api = new ConnectionsApi();
    private final ConnectionsGateway gateway = gateway(api.endpoint());

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void postAcceptedByApiIsDelivered() {
        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.DELIVERED);

        assertThat(api.posts())
                .containsExactly(new ConnectionsApi.Post(
                        "POST", "/dev/@connections/Q0k_dcm6iYcCGhQ%3D", "{\"action\":\"caf\u00e9 \ud83e\udd80\"}"));
    }

    @Test
    void goneConnectionIsNotRetried() {
        api.answers(GONE);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.GONE);
        assertThat(api.posts()).hasSize(1);
    }

    @Test
    void status410IsGoneWhateverTheBody() {
        api.answers(new ConnectionsApi.Answer(410, ""));

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.GONE);
    }

    @Test
    void throttledPostIsRetried() {
        api.answers(THROTTLED, OK);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.DELIVERED);
        assertThat(api.posts()).hasSize(2);
    }

    @Test
    void postThrottledOnEveryAttemptFails() {
        api.answers(THROTTLED);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
        assertThat(api.posts()).hasSize(3);
    }

    @Test
    void serverErrorIsRetriedAndThenFails() {
        api.answers(BROKEN);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
        assertThat(api.posts()).hasSize(3);
    }

    @Test
    void forbiddenPostIsNotRetried() {
        api.answers(new ConnectionsApi.Answer(403, "ForbiddenException"));

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
        assertThat(api.posts()).hasSize(1);
    }

    @Test
    void postToClosedPortFails() {
        api.close();

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
    }

    private static ConnectionsGateway gateway(URI endpoint) {
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(new RequestContext());
        return ChatApplication.of(Map.of(
                        "AWS_REGION",
                        "eu-central-1",
                        "AWS_ACCESS_KEY_ID",
                        "id",
                        "AWS_SECRET_ACCESS_KEY",
                        "secret",
                        "CHAT_STORE",
                        "memory",
                        "CHAT_MEMORY",
                        UUID.randomUUID().toString(),
                        "CHAT_MANAGEMENT_ENDPOINT",
                        endpoint.toString()))
                .chat(event)
                .gateway();
    }
}
