package dev.chatlab.lambda;

import static dev.chatlab.lambda.FakeConnectionsApi.Response.GONE;
import static dev.chatlab.lambda.FakeConnectionsApi.Response.OK;
import static dev.chatlab.lambda.FakeConnectionsApi.Response.SERVER_ERROR;
import static dev.chatlab.lambda.FakeConnectionsApi.Response.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.ports.Gateway.Delivery;
import dev.chatlab.protocol.Frame;
import io.vavr.Tuple2;
import io.vavr.collection.HashSet;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

/** The outcome of a delivery for each response of the {@code @connections} API. */
class ConnectionsGatewayTest {

    private static final ConnectionId ANN = new ConnectionId("Q0k_dcm6iYcCGhQ=");
    private static final ConnectionId BEN = new ConnectionId("ben");
    private static final ChatEvent EVENT = new ChatEvent.RoomClosed(new RoomName("hall"), 1, 2, Instant.EPOCH);
    private static final Frame FRAME = new Frame(Map.of("action", "caf\u00e9 \ud83e\udd80"));

    private final FakeConnectionsApi api = new FakeConnectionsApi();
    private final ConnectionsGateway gateway = gateway(api.endpoint());

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void postAcceptedByApiIsDelivered() {
        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.DELIVERED);

        assertThat(api.posts())
                .containsExactly(new FakeConnectionsApi.Post(
                        "POST", "/dev/@connections/Q0k_dcm6iYcCGhQ%3D", "{\"action\":\"caf\u00e9 \ud83e\udd80\"}"));
    }

    @Test
    void goneConnectionIsNotRetried() {
        api.respondWith(GONE);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.GONE);
        assertThat(api.posts()).hasSize(1);
    }

    @Test
    void status410IsGoneWhateverTheBody() {
        api.respondWith(new FakeConnectionsApi.Response(410, ""));

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.GONE);
    }

    @Test
    void throttledPostIsRetried() {
        api.respondWith(THROTTLED, OK);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.DELIVERED);
        assertThat(api.posts()).hasSize(2);
    }

    @Test
    void postThrottledOnEveryAttemptFails() {
        api.respondWith(THROTTLED);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
        assertThat(api.posts()).hasSize(3);
    }

    @Test
    void serverErrorIsRetriedAndThenFails() {
        api.respondWith(SERVER_ERROR);

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
        assertThat(api.posts()).hasSize(3);
    }

    @Test
    void forbiddenPostIsNotRetried() {
        api.respondWith(new FakeConnectionsApi.Response(403, "ForbiddenException"));

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
        assertThat(api.posts()).hasSize(1);
    }

    @Test
    void postToClosedPortFails() {
        api.close();

        assertThat(gateway.post(ANN, FRAME)).isEqualTo(Delivery.FAILED);
    }

    @Test
    void eventIsPostedToEveryRecipientAndEachHasItsOutcome() {
        api.respondWith(GONE, OK);

        assertThat(gateway.deliver(EVENT, HashSet.of(ANN, BEN)).values())
                .containsExactlyInAnyOrder(Delivery.GONE, Delivery.DELIVERED);

        assertThat(api.posts())
                .extracting(FakeConnectionsApi.Post::path, FakeConnectionsApi.Post::body)
                .containsExactlyInAnyOrder(
                        tuple("/dev/@connections/Q0k_dcm6iYcCGhQ%3D", "{\"type\":\"delete-room\",\"room\":\"hall\"}"),
                        tuple("/dev/@connections/ben", "{\"type\":\"delete-room\",\"room\":\"hall\"}"));
    }

    /** The HTTP client throws CancellationException for the posts that wait, and the SDK does not translate it. */
    @Test
    void postsThatTimeOutFailAlsoWhileTheyWaitForAConnection() {
        api.holdUntilInParallel(Integer.MAX_VALUE);
        var recipients = HashSet.range(0, 8).map(i -> new ConnectionId("c" + i));
        try (var http = Apache5HttpClient.builder().maxConnections(1).build()) {
            var client = ApiGatewayManagementApiClient.builder()
                    .endpointOverride(api.endpoint())
                    .region(Region.EU_CENTRAL_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                    .httpClient(http)
                    .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)
                            .apiCallTimeout(Duration.ofSeconds(1))
                            .apiCallAttemptTimeout(Duration.ofMillis(250)))
                    .build();

            assertThat(new ConnectionsGateway(client, recipients.size()).deliver(EVENT, recipients))
                    .isEqualTo(recipients.toMap(recipient -> new Tuple2<>(recipient, Delivery.FAILED)));
        }
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
