package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.iam.Permissions;
import dev.samlocal.iam.Permissions.Access;
import dev.samlocal.iam.Permissions.Grant;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** {@code AWS_IAM} on {@code $connect}: only valid signatures of permitted principals open a connection. The AWS SDK signs. */
@Timeout(60)
class SignedHandshakeTest {
    private static final String MISMATCH = "The request signature we calculated does not match the signature you"
            + " provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for"
            + " details.";

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestApi api = TestApi.of("signed.yaml");
    private final Cognito cognito = new Cognito(http, api.endpoint());
    private String identity;
    private AwsSessionCredentialsIdentity guest;

    // NullAway requires initialization; JUnit initializes the fields before each test.
    @SuppressWarnings("NullAway.Init")
    SignedHandshakeTest() {}

    @BeforeEach
    void requestCredentials() throws Exception {
        identity = cognito.identity(Cognito.pool("Guests"));
        guest = cognito.credentials(identity);
    }

    @AfterEach
    void stop() {
        api.close();
        http.close();
    }

    @Test
    void signedAddressOpensRepeatedly() throws Exception {
        var address = new Signing().of(guest);
        for (int i = 0; i < 2; i++) {
            try (var peer = FrameClient.connect(address)) {
                assertThat(peer.handshake().status()).isEqualTo(101);
            }
        }
    }

    @Test
    void signedHeadersOpen() throws Exception {
        try (var peer = FrameClient.connect(api.uri(), headers(guest))) {
            assertThat(peer.handshake().status()).isEqualTo(101);
        }
    }

    @Test
    void eventsCarryTheIdentity() throws Exception {
        try (var peer = FrameClient.connect(new Signing().of(guest))) {
            peer.action("ask");
            for (String route : List.of("$connect", "ask")) {
                var who = api.asked(route).getRequestContext().getIdentity();
                assertThat(who.getCognitoIdentityId()).isEqualTo(identity);
                assertThat(who.getCognitoIdentityPoolId()).isEqualTo(Cognito.pool("Guests"));
                assertThat(who.getCognitoAuthenticationType()).isEqualTo("unauthenticated");
                assertThat(who.getAccessKey()).isEqualTo(guest.accessKeyId());
                assertThat(who.getAccountId()).isEqualTo("000000000000");
                assertThat(who.getUserArn())
                        .isEqualTo("arn:aws:sts::000000000000:assumed-role/GuestRole/CognitoIdentityCredentials");
                assertThat(who.getCaller())
                        .matches("AROAGuestRole:CognitoIdentityCredentials")
                        .isEqualTo(who.getUser());
            }
        }
    }

    @Test
    void unsignedConnectionHasNoIdentity() throws Exception {
        try (var open = TestApi.of("routes.yaml");
                var peer = open.connect()) {
            assertThat(peer.handshake().status()).isEqualTo(101);
            var who = open.asked("$connect").getRequestContext().getIdentity();
            assertThat(who.getCognitoIdentityId()).isNull();
            assertThat(who.getUserArn()).isNull();
        }
    }

    @Test
    void unsignedHandshakeIsRejected() throws Exception {
        rejected(api.uri(), "MissingAuthenticationTokenException", "Missing Authentication Token");
        rejected(
                URI.create(api.uri() + "?X-Amz-Signature=0"),
                "MissingAuthenticationTokenException",
                "Missing Authentication Token");
    }

    /** {@code X-Amz-Expires} makes no difference: only S3 reads it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 300, 604_800})
    void signatureIsValidForFiveMinutes(int expires) throws Exception {
        var signing = new Signing().expiring(Duration.ofSeconds(expires));
        var expired = signing.at(Instant.now().minusSeconds(310)).of(guest);

        rejected(expired, "InvalidSignatureException", "Signature expired: \\d{8}T\\d{6}Z");
        FrameClient.connect(signing.at(Instant.now().minusSeconds(240)).of(guest))
                .close();
    }

    @Test
    void clockMayBeFiveMinutesAhead() throws Exception {
        rejected(
                new Signing().at(Instant.now().plusSeconds(360)).of(guest),
                "InvalidSignatureException",
                "Signature not yet current: \\d{8}T\\d{6}Z");
        FrameClient.connect(new Signing().at(Instant.now().plusSeconds(240)).of(guest))
                .close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (.*)                          | $1&room=hall
            X-Amz-Expires=300             | X-Amz-Expires=301
            Signature=[0-9a-f]{4}         | Signature=0000
            Signature=[0-9a-f]+           | Signature=0
            /test\\?                      | /test/?
            X-Amz-SignedHeaders=host      | X-Amz-SignedHeaders=host%3Buser-agent
            """)
    void changedRequestIsRejected(String part, String changed) throws Exception {
        var address = new Signing().of(guest).toString().replaceFirst(part, changed);

        rejected(URI.create(address), "InvalidSignatureException", "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            &?X-Amz-Date=\\w+            | &                                      | IncompleteSignatureException | The request has no Date of AWS4-HMAC-SHA256.
            AWS4-HMAC-SHA256             | AWS4-HMAC-SHA1                         | IncompleteSignatureException | The request has no Credential of AWS4-HMAC-SHA256.
            X-Amz-Date=\\w+              | X-Amz-Date=today                       | IncompleteSignatureException | Date must be in ISO-8601 'basic format'. Got 'today'.
            X-Amz-SignedHeaders=host     | X-Amz-SignedHeaders=x-host             | InvalidSignatureException    | 'Host' must be a signed header.
            (ASIA)\\w+                   | $1UNKNOWN                              | AccessDeniedException        | The security token included in the request is invalid.
            """)
    void invalidSignatureIsRejectedWithReason(String part, String changed, String error, String message)
            throws Exception {
        var address = new Signing().of(guest).toString().replaceFirst(part, changed);

        rejected(URI.create(address), error, "\\Q" + message + "\\E\\s*");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Amz-Credential=[^&]+, X-Amz-Credential=a%2Fb",
        "aws4_request, aws5_request",
        "execute-api, iotdevicegateway",
        "us-east-1, eu-west-1",
        "%2F\\d{8}%2F, %2F20200101%2F"
    })
    void signatureWithAnotherScopeIsRejected(String part, String changed) throws Exception {
        var address = new Signing().of(guest).toString().replaceFirst(part, changed);

        rejected(
                URI.create(address),
                "InvalidSignatureException",
                "Credential should be scoped to \\d{8}/us-east-1/execute-api/aws4_request\\.");
    }

    @Test
    void signatureForAnotherHostIsRejected() throws Exception {
        var elsewhere = new Signing().of(guest, URI.create("ws://localhost:1/test"));

        rejected(
                URI.create(api.uri() + "?" + elsewhere.getRawQuery()),
                "InvalidSignatureException",
                "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @Test
    void tokenMustBelongToTheKeyAndBeSigned() throws Exception {
        var another = cognito.credentials(identity);
        String invalid = "The security token included in the request is invalid\\.";
        rejected(
                new Signing().of(AwsCredentialsIdentity.create(guest.accessKeyId(), guest.secretAccessKey())),
                "AccessDeniedException",
                invalid);
        rejected(
                new Signing()
                        .of(AwsSessionCredentialsIdentity.create(
                                guest.accessKeyId(), guest.secretAccessKey(), another.sessionToken())),
                "AccessDeniedException",
                invalid);
        rejected(
                URI.create(new Signing().of(AwsCredentialsIdentity.create(guest.accessKeyId(), guest.secretAccessKey()))
                        + "&X-Amz-Security-Token=" + guest.sessionToken()),
                "InvalidSignatureException",
                "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @Test
    void secretMustBelongToTheKey() throws Exception {
        rejected(
                new Signing()
                        .of(AwsSessionCredentialsIdentity.create(
                                guest.accessKeyId(),
                                cognito.credentials(identity).secretAccessKey(),
                                guest.sessionToken())),
                "InvalidSignatureException",
                "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @Test
    void authorizationHeaderWithoutSignatureIsRejected() throws Exception {
        rejected(
                api.uri(),
                "IncompleteSignatureException",
                "The request has no Credential of AWS4-HMAC-SHA256\\.",
                "Authorization: Bearer token");
    }

    @Test
    void principalThatMayNotInvokeConnectIsRejected() throws Exception {
        var stranger = cognito.credentials(cognito.identity(Cognito.pool("Others")));

        rejected(
                new Signing().of(stranger),
                "AccessDeniedException",
                "User: arn:aws:sts::000000000000:assumed-role/OtherRole/CognitoIdentityCredentials is not authorized to"
                        + " perform: execute-api:Invoke on resource:"
                        + " arn:aws:execute-api:us-east-1:000000000000:Api/test/\\$connect.*");
    }

    @Test
    void guestWithoutTheGrantIsRejected() throws Exception {
        Queue<Access> seen = new ConcurrentLinkedQueue<>();
        var grant = new Grant(
                "Guests", "execute-api:Invoke", "arn:aws:execute-api:us-east-1:000000000000:Api/test/$connect");
        var permissions = new Permissions(each -> !each.equals(grant), seen::add);
        try (var strict = TestApi.with("signed.yaml", config -> config.withPermissions(permissions))) {
            var its = new Cognito(http, strict.endpoint());
            var key = its.credentials(its.identity(Cognito.pool("Guests")));

            assertThat(FrameClient.ask(new Signing().of(key, strict.uri())).status())
                    .isEqualTo(403);
            assertThat(seen).containsExactly(new Access("Guests", grant.action(), grant.resource(), false));
        }
    }

    @Test
    void guestMayNotUseConnectionsApi() throws Exception {
        var answer = FrameClient.http(
                URI.create(api.endpoint()),
                "GET",
                "/test/@connections/AAAAAAAAAAAAAAA%3D",
                "Authorization: AWS4-HMAC-SHA256 Credential=" + guest.accessKeyId()
                        + "/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0");

        assertThat(answer.status()).isEqualTo(403);
    }

    private void rejected(URI address, String error, String message, String... headers) throws Exception {
        var answer = FrameClient.ask(address, headers);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers()).containsEntry("x-amzn-errortype", error);
        assertThat(JSON.std.mapFrom(answer.body()))
                .containsOnlyKeys("message")
                .hasEntrySatisfying(
                        "message", said -> assertThat(said).asString().matches(message));
        api.assertNeverAsked("$connect");
    }

    private String[] headers(AwsSessionCredentialsIdentity key) {
        var signed = AwsV4HttpSigner.create()
                .sign(new Signing().request(key, api.uri()).build())
                .request();
        return signed.headers().entrySet().stream()
                .filter(header -> !header.getKey().equals("Host"))
                .map(header -> header.getKey() + ": " + header.getValue().getFirst())
                .toArray(String[]::new);
    }

    /** Signs addresses. The defaults are this API and the current time. */
    private final class Signing {
        private Instant at = Instant.now();
        private Duration expires = Duration.ofMinutes(5);

        Signing at(Instant time) {
            at = time;
            return this;
        }

        Signing expiring(Duration after) {
            expires = after;
            return this;
        }

        URI of(AwsCredentialsIdentity key) {
            return of(key, api.uri());
        }

        URI of(AwsCredentialsIdentity key, URI socket) {
            var signed = AwsV4HttpSigner.create()
                    .sign(request(key, socket)
                            .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, expires)
                            .build())
                    .request();
            return URI.create(signed.getUri().toString().replaceFirst("^http", "ws"));
        }

        private SignRequest.Builder<AwsCredentialsIdentity> request(AwsCredentialsIdentity key, URI socket) {
            return SignRequest.builder(key)
                    .request(SdkHttpRequest.builder()
                            .method(SdkHttpMethod.GET)
                            .uri(URI.create(socket.toString().replaceFirst("^ws", "http")))
                            .build())
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC));
        }
    }
}
