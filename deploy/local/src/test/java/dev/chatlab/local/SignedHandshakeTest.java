package dev.chatlab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.local.iam.Access;
import dev.chatlab.local.iam.Grant;
import dev.chatlab.local.iam.Permissions;
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

/** {@code AWS_IAM} on {@code $connect}: only whose signature is right, in time and granted comes in. The AWS SDK signs. */
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

    // NullAway wants them set; JUnit does so before each test.
    @SuppressWarnings("NullAway.Init")
    SignedHandshakeTest() {}

    @BeforeEach
    void becomeAGuest() throws Exception {
        identity = cognito.identity(Cognito.pool("Guests"));
        guest = cognito.credentials(identity);
    }

    @AfterEach
    void stop() {
        api.close();
        http.close();
    }

    @Test
    void a_signed_address_opens_as_often_as_it_is_used() throws Exception {
        var address = new Signing().of(guest);
        for (int i = 0; i < 2; i++) {
            try (var peer = Peer.connect(address)) {
                assertThat(peer.handshake().status()).isEqualTo(101);
            }
        }
    }

    @Test
    void signed_headers_open_too() throws Exception {
        try (var peer = Peer.connect(api.uri(), headers(guest))) {
            assertThat(peer.handshake().status()).isEqualTo(101);
        }
    }

    @Test
    void functions_learn_who_it_is() throws Exception {
        try (var peer = Peer.connect(new Signing().of(guest))) {
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
                        .matches("AROA[0-9A-Z]{17}:CognitoIdentityCredentials")
                        .isEqualTo(who.getUser());
            }
        }
    }

    @Test
    void where_nothing_has_to_be_signed_nobody_is_known() throws Exception {
        try (var open = TestApi.of("routes.yaml");
                var peer = open.connect()) {
            assertThat(peer.handshake().status()).isEqualTo(101);
            var who = open.asked("$connect").getRequestContext().getIdentity();
            assertThat(who.getCognitoIdentityId()).isNull();
            assertThat(who.getUserArn()).isNull();
        }
    }

    @Test
    void without_a_signature_nobody_comes_in() throws Exception {
        refused(api.uri(), "MissingAuthenticationTokenException", "Missing Authentication Token");
        refused(
                URI.create(api.uri() + "?X-Amz-Signature=0"),
                "MissingAuthenticationTokenException",
                "Missing Authentication Token");
    }

    /** However long it says that it is good for: only S3 asks for that. */
    @ParameterizedTest
    @ValueSource(ints = {1, 300, 604_800})
    void a_signature_is_good_for_five_minutes(int expires) throws Exception {
        var signing = new Signing().expiring(Duration.ofSeconds(expires));
        var expired = signing.at(Instant.now().minusSeconds(310)).of(guest);

        refused(
                expired,
                "InvalidSignatureException",
                "Signature expired: \\d{8}T\\d{6}Z is now earlier than \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z - 5 min\\.\\)");
        Peer.connect(signing.at(Instant.now().minusSeconds(240)).of(guest)).close();
    }

    @Test
    void a_clock_may_be_five_minutes_ahead() throws Exception {
        refused(
                new Signing().at(Instant.now().plusSeconds(360)).of(guest),
                "InvalidSignatureException",
                "Signature not yet current: \\d{8}T\\d{6}Z is still later than \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z \\+ 5 min\\.\\)");
        Peer.connect(new Signing().at(Instant.now().plusSeconds(240)).of(guest)).close();
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
    void what_is_not_as_it_was_signed_is_refused(String part, String changed) throws Exception {
        var address = new Signing().of(guest).toString().replaceFirst(part, changed);

        refused(URI.create(address), "InvalidSignatureException", "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            &?X-Amz-Date=\\w+            | &                                      | IncompleteSignatureException | AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.
            AWS4-HMAC-SHA256             | AWS4-HMAC-SHA1                         | IncompleteSignatureException | Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now).
            X-Amz-Date=\\w+              | X-Amz-Date=today                       | IncompleteSignatureException | Date must be in ISO-8601 'basic format'. Got 'today'. See http://en.wikipedia.org/wiki/ISO_8601
            X-Amz-SignedHeaders=host     | X-Amz-SignedHeaders=x-host             | InvalidSignatureException    | 'Host' must be a 'SignedHeader' in the AWS Authorization.
            X-Amz-Credential=[^&]+       | X-Amz-Credential=a%2Fb                 | IncompleteSignatureException | Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'
            (ASIA)\\w+                   | $1NOBODY                               | AccessDeniedException        | The security token included in the request is invalid.
            aws4_request                 | aws5_request                           | InvalidSignatureException    | Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.
            """)
    void what_makes_no_sense_is_refused_with_a_reason(String part, String changed, String error, String message)
            throws Exception {
        var address = new Signing().of(guest).toString().replaceFirst(part, changed);

        refused(URI.create(address), error, "\\Q" + message + "\\E\\s*");
    }

    @Test
    void a_signature_for_another_region_or_service_is_refused() throws Exception {
        refused(
                new Signing().scopedTo("eu-west-1", "execute-api").of(guest),
                "InvalidSignatureException",
                "Credential should be scoped to a valid region, not 'eu-west-1'\\.");
        refused(
                new Signing().scopedTo("us-east-1", "iotdevicegateway").of(guest),
                "InvalidSignatureException",
                "Credential should be scoped to correct service: 'execute-api'\\.");
    }

    @Test
    void a_signature_for_another_host_is_refused() throws Exception {
        var elsewhere = new Signing().of(guest, URI.create("ws://localhost:1/test"));

        refused(
                URI.create(api.uri() + "?" + elsewhere.getRawQuery()),
                "InvalidSignatureException",
                "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @Test
    void the_token_belongs_to_the_key_and_is_signed_with_it() throws Exception {
        var another = cognito.credentials(identity);
        String invalid = "The security token included in the request is invalid\\.";
        refused(
                new Signing().of(AwsCredentialsIdentity.create(guest.accessKeyId(), guest.secretAccessKey())),
                "AccessDeniedException",
                invalid);
        refused(
                new Signing()
                        .of(AwsSessionCredentialsIdentity.create(
                                guest.accessKeyId(), guest.secretAccessKey(), another.sessionToken())),
                "AccessDeniedException",
                invalid);
        refused(
                URI.create(new Signing().of(AwsCredentialsIdentity.create(guest.accessKeyId(), guest.secretAccessKey()))
                        + "&X-Amz-Security-Token=" + guest.sessionToken()),
                "InvalidSignatureException",
                "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @Test
    void the_secret_belongs_to_the_key() throws Exception {
        refused(
                new Signing()
                        .of(AwsSessionCredentialsIdentity.create(
                                guest.accessKeyId(),
                                cognito.credentials(identity).secretAccessKey(),
                                guest.sessionToken())),
                "InvalidSignatureException",
                "(?s)\\Q" + MISMATCH + "\\E.*");
    }

    @Test
    void headers_that_are_no_signature_are_refused() throws Exception {
        refused(
                api.uri(),
                "IncompleteSignatureException",
                "Authorization header requires 'Credential' parameter\\. Authorization header requires 'Signature' parameter\\."
                        + " Authorization header requires 'SignedHeaders' parameter\\. Authorization header requires existence"
                        + " of either a 'X-Amz-Date' or a 'Date' header\\. Authorization=Bearer token",
                "Authorization: Bearer token");
        refused(
                new Signing().of(guest),
                "InvalidSignatureException",
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header\\.",
                headers(guest));
    }

    @Test
    void who_may_not_invoke_connect_is_refused() throws Exception {
        var stranger = cognito.credentials(cognito.identity(Cognito.pool("Others")));

        refused(
                new Signing().of(stranger),
                "AccessDeniedException",
                "User: arn:aws:sts::000000000000:assumed-role/OtherRole/CognitoIdentityCredentials is not authorized to"
                        + " perform: execute-api:Invoke on resource:"
                        + " arn:aws:execute-api:us-east-1:000000000000:Api/test/\\$connect.*");
    }

    @Test
    void without_the_grant_nobody_is_let_in() throws Exception {
        Queue<Access> seen = new ConcurrentLinkedQueue<>();
        var grant = new Grant(
                "Guests", "execute-api:Invoke", "arn:aws:execute-api:us-east-1:000000000000:Api/test/$connect");
        var permissions = new Permissions(each -> !each.equals(grant), seen::add);
        try (var strict = TestApi.with("signed.yaml", config -> config.withPermissions(permissions))) {
            var its = new Cognito(http, strict.endpoint());
            var key = its.credentials(its.identity(Cognito.pool("Guests")));

            assertThat(Peer.ask(new Signing().of(key, strict.uri())).status()).isEqualTo(403);
            assertThat(seen).containsExactly(new Access("Guests", grant.action(), grant.resource(), false));
        }
    }

    @Test
    void a_guest_does_not_reach_connections() throws Exception {
        var answer = Peer.http(
                URI.create(api.endpoint()),
                "GET",
                "/test/@connections/AAAAAAAAAAAAAAA%3D",
                "Authorization: AWS4-HMAC-SHA256 Credential=" + guest.accessKeyId()
                        + "/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0");

        assertThat(answer.status()).isEqualTo(403);
    }

    private void refused(URI address, String error, String message, String... headers) throws Exception {
        var answer = Peer.ask(address, headers);
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

    /** How an address is signed: for this API and now, unless it is said otherwise. */
    private final class Signing {
        private String region = "us-east-1";
        private String service = "execute-api";
        private Instant at = Instant.now();
        private Duration expires = Duration.ofMinutes(5);

        Signing scopedTo(String otherRegion, String otherService) {
            region = otherRegion;
            service = otherService;
            return this;
        }

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
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC));
        }
    }
}
