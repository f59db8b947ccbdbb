package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PayloadTooLargeException;

/** The {@code @connections} API, over plain HTTP and with the AWS SDK. */
@Timeout(60)
class ConnectionsApiTest {
    private static final String UNKNOWN_ID = "AAAAAAAAAAAAAAA=";
    private static final int MAX = 131_072;

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestApi api = TestApi.of("routes.yaml");
    private final ApiGatewayManagementApiClient sdk = ApiGatewayManagementApiClient.builder()
            .endpointOverride(URI.create(api.endpoint() + "/test"))
            .region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();

    private FrameClient peer;
    private String id;

    // NullAway requires initialization; JUnit initializes the fields before each test.
    @SuppressWarnings("NullAway.Init")
    ConnectionsApiTest() {}

    @BeforeEach
    void connect() throws Exception {
        peer = FrameClient.connect(api.uri(), "User-Agent: peer");
        id = api.asked("$connect").getRequestContext().getConnectionId();
    }

    @AfterEach
    void close() throws Exception {
        sdk.close();
        peer.close();
        api.close();
        http.close();
    }

    @Test
    void postSendsMessage() throws Exception {
        var answer = send("POST", id, "grüß Gott".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(peer.message()).isEqualTo("grüß Gott");
    }

    @Test
    void postTakes131072BytesAndNoMore() throws Exception {
        assertThat(send("POST", id, "x".repeat(MAX).getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(200);
        assertThat(peer.message()).hasSize(MAX);
        var refused = send("POST", id, "x".repeat(MAX + 1).getBytes(StandardCharsets.UTF_8));
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(errorType(refused)).isEqualTo("PayloadTooLargeException");
    }

    @Test
    void postOfInvalidUtf8Is400() throws Exception {
        assertThat(send("POST", id, new byte[] {(byte) 0xFF}).statusCode()).isEqualTo(400);
    }

    @Test
    void getReturnsStatusOfConnection() throws Exception {
        var answer = send("GET", id);
        assertThat(answer.statusCode()).isEqualTo(200);
        var information = JSON.std.mapFrom(answer.body());
        assertThat(information)
                .containsOnlyKeys("connectedAt", "lastActiveAt", "identity")
                .containsEntry("identity", Map.of("sourceIp", "127.0.0.1", "userAgent", "peer"));
        assertThat(Instant.parse((String) information.get("lastActiveAt")))
                .isAfterOrEqualTo(Instant.parse((String) information.get("connectedAt")));
    }

    @Test
    void messageMovesLastActiveAt() throws Exception {
        var before = lastActiveAt();
        // The status has milliseconds, so this repeats until one has passed.
        do {
            peer.action("tell");
            api.asked("tell");
        } while (!lastActiveAt().isAfter(before));
    }

    @Test
    void deleteClosesConnection() throws Exception {
        var answer = send("DELETE", id);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(peer.closed()).isEqualTo(1000);
        assertThat(send("DELETE", id).statusCode()).isEqualTo(410);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET", "DELETE"})
    void unknownOrClosedConnectionIs410(String method) throws Exception {
        var never = send(method, UNKNOWN_ID);
        assertThat(never.statusCode()).isEqualTo(410);
        assertThat(errorType(never)).isEqualTo("GoneException");
        peer.leave(1000);
        api.asked("$disconnect");
        assertThat(send(method, id).statusCode()).isEqualTo(410);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "someone", "AAAAAAAAAAAAAAA", "AAAA%20AAAAAAAAAA%3D", "AAAAAAAAAAAAAAA%3D/more", "%C3%BC"})
    void malformedIdIs400(String malformed) throws Exception {
        var answer = FrameClient.http(URI.create(api.endpoint()), "GET", "/test/@connections/" + malformed);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers()).containsEntry("x-amzn-errortype", "BadRequestException");
    }

    @Test
    void idMayBeEncodedOrNot() throws Exception {
        assertThat(id).endsWith("=");
        var server = URI.create(api.endpoint());
        String path = "/test/@connections/";
        assertThat(FrameClient.http(server, "GET", path + id.replace("=", "%3D"))
                        .status())
                .isEqualTo(200);
        assertThat(FrameClient.http(server, "GET", path + id.replace("=", "%3d"))
                        .status())
                .isEqualTo(200);
        assertThat(FrameClient.http(server, "GET", path + id).status()).isEqualTo(200);
        assertThat(FrameClient.http(server, "GET", path.replace("@", "%40") + id)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void otherMethodsAndStagesAre403() throws Exception {
        var put = send("PUT", id);
        assertThat(put.statusCode()).isEqualTo(403);
        assertThat(errorType(put)).isEqualTo("ForbiddenException");
        assertThat(FrameClient.http(URI.create(api.endpoint()), "GET", "/other/@connections/" + id)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void sdkCallsSucceed() throws Exception {
        sdk.postToConnection(request -> request.connectionId(id).data(SdkBytes.fromUtf8String("from the SDK")));
        assertThat(peer.message()).isEqualTo("from the SDK");

        var information = sdk.getConnection(request -> request.connectionId(id));
        assertThat(information.identity().sourceIp()).isEqualTo("127.0.0.1");
        assertThat(information.identity().userAgent()).isEqualTo("peer");
        assertThat(information.lastActiveAt()).isAfterOrEqualTo(information.connectedAt());

        sdk.deleteConnection(request -> request.connectionId(id));
        assertThat(peer.closed()).isEqualTo(1000);
    }

    @Test
    void sdkReceivesModelledExceptions() {
        assertThatThrownBy(() -> sdk.postToConnection(
                        request -> request.connectionId(UNKNOWN_ID).data(SdkBytes.fromUtf8String("hello"))))
                .isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> sdk.getConnection(request -> request.connectionId(UNKNOWN_ID)))
                .isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> sdk.deleteConnection(request -> request.connectionId(UNKNOWN_ID)))
                .isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> sdk.postToConnection(
                        request -> request.connectionId(id).data(SdkBytes.fromByteArray(new byte[MAX + 1]))))
                .isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> sdk.getConnection(request -> request.connectionId("malformed")))
                .isInstanceOfSatisfying(AwsServiceException.class, failure -> {
                    assertThat(failure.statusCode()).isEqualTo(400);
                    assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("BadRequestException");
                });
    }

    private Instant lastActiveAt() throws Exception {
        return Instant.parse((String) JSON.std.mapFrom(send("GET", id).body()).get("lastActiveAt"));
    }

    private HttpResponse<String> send(String method, String connectionId) throws Exception {
        return send(method, connectionId, new byte[0]);
    }

    private HttpResponse<String> send(String method, String connectionId, byte[] data) throws Exception {
        var request = HttpRequest.newBuilder(api.connections(connectionId))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(data))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String errorType(HttpResponse<?> response) {
        return response.headers().firstValue("x-amzn-ErrorType").orElse("none");
    }
}
