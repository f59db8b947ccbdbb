package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Cognito API for guests: identities and credentials. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityPoolsApiTest {
    private final TestApi api = TestApi.of("signed.yaml");
    private final HttpClient http = HttpClient.newHttpClient();
    private final Cognito cognito = new Cognito(http, api.endpoint());

    @AfterAll
    void stop() {
        api.close();
        http.close();
    }

    @Test
    void eachGetIdReturnsNewIdentity() throws Exception {
        String one = cognito.identity(Cognito.pool("Guests"));
        String other = cognito.identity(Cognito.pool("Guests"));

        assertThat(one).matches("us-east-1:[0-9a-f-]{36}").isNotEqualTo(other);
    }

    @Test
    void identityReceivesNewCredentialsForOneHour() throws Exception {
        String identity = cognito.identity(Cognito.pool("Guests"));
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        var answer = cognito.ask("GetCredentialsForIdentity", "{\"IdentityId\":\"" + identity + "\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).containsEntry("IdentityId", identity);
        assertThat(answer.body().get("Credentials"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsOnlyKeys("AccessKeyId", "SecretKey", "SessionToken", "Expiration")
                .hasEntrySatisfying(
                        "AccessKeyId", key -> assertThat(key).asString().startsWith("ASIA"))
                .hasEntrySatisfying(
                        "Expiration",
                        expiration -> assertThat(Instant.ofEpochSecond(((Number) expiration).longValue()))
                                .isBetween(
                                        before.plusSeconds(3600), Instant.now().plusSeconds(3600)));
        assertThat(cognito.credentials(identity).accessKeyId())
                .isNotEqualTo(cognito.credentials(identity).accessKeyId());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            GetId | {"IdentityPoolId":"us-east-1:0"} | ResourceNotFoundException | IdentityPool 'us-east-1:0' not found.
            GetId | {"IdentityPoolId":"MEMBERS"} | NotAuthorizedException | Unauthenticated access is not supported for this identity pool.
            GetId | {} | ResourceNotFoundException | IdentityPool 'null' not found.
            GetId | {"IdentityPoolId" | SerializationException | the request is not JSON
            GetCredentialsForIdentity | {"IdentityId":"us-east-1:0"} | ResourceNotFoundException | Identity 'us-east-1:0' not found.
            GetOpenIdToken | {"IdentityId":"us-east-1:0"} | UnknownOperationException | GetOpenIdToken is not supported here
            """)
    void errorNamesTypeAndReason(String operation, String body, String error, String message) throws Exception {
        var answer = cognito.ask(
                operation, body.replace("GUESTS", Cognito.pool("Guests")).replace("MEMBERS", Cognito.pool("Members")));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.body()).isEqualTo(Map.of("__type", error, "message", message));
    }

    @Test
    void poolWithoutGuestRoleHasNoCredentials() throws Exception {
        String identity = cognito.identity(Cognito.pool("Unfinished"));

        var answer = cognito.ask("GetCredentialsForIdentity", "{\"IdentityId\":\"" + identity + "\"}");

        assertThat(answer.error()).isEqualTo("InvalidIdentityPoolConfigurationException");
    }

    @Test
    void templateWithoutPoolsHasNoCognitoApi() throws Exception {
        try (var other = TestApi.of("routes.yaml")) {
            assertThat(FrameClient.http(
                                    URI.create(other.endpoint()),
                                    "POST",
                                    "/",
                                    "X-Amz-Target: AWSCognitoIdentityService.GetId")
                            .status())
                    .isEqualTo(404);
        }
    }
}
