package dev.samlocal.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samlocal.iam.Principal.Guest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Expiry of credentials and signatures. {@code SignedHandshakeTest} covers the rest. */
class AuthenticatorTest {
    private Instant now = Instant.parse("2030-01-01T12:00:00Z");
    private final AccessControl access = new AccessControl(
            "000000000000",
            "us-east-1",
            Map.of("Caller", new Role("CallerRole", List.of())),
            Permissions.OF_TEMPLATE,
            () -> now);
    private final Authenticator authenticator = new Authenticator(access, "us-east-1", "execute-api", () -> now);
    private final Principal guest = guest();

    @Test
    void credentialsAreValidUntilTheyExpire() throws Exception {
        now = now.plus(Duration.ofMinutes(59));
        assertThat(authenticator.authenticate(signed(guest.credentials()))).isEqualTo(guest);

        now = now.plus(Duration.ofMinutes(1));
        rejects(
                signed(guest.credentials()),
                "ExpiredTokenException",
                "The security token included in the request is expired");
    }

    @Test
    void functionIsKnownByItsKey() throws Exception {
        now = now.plus(Duration.ofDays(1000));
        var key = access.credentials("Caller").orElseThrow();

        assertThat(authenticator.authenticate(signed(key)).holder()).isEqualTo("Caller");
    }

    @Test
    void signatureIsValidForFiveMinutesToTheSecond() throws Exception {
        var request = signed(guest.credentials());
        var start = now;

        now = start.plus(Duration.ofMinutes(5));
        assertThat(authenticator.authenticate(request)).isEqualTo(guest);
        now = start.plus(Duration.ofMinutes(5)).plusSeconds(1);
        rejects(request, "InvalidSignatureException", "Signature expired: 20300101T120000Z");
        now = start.minus(Duration.ofMinutes(5));
        assertThat(authenticator.authenticate(request)).isEqualTo(guest);
        now = start.minus(Duration.ofMinutes(5)).minusSeconds(1);
        rejects(request, "InvalidSignatureException", "Signature not yet current: 20300101T120000Z");
    }

    private void rejects(SdkHttpRequest request, String error, String message) {
        assertThatThrownBy(() -> authenticator.authenticate(request))
                .isInstanceOfSatisfying(AuthenticationException.class, e -> {
                    assertThat(e.error()).isEqualTo(error);
                    assertThat(e).hasMessage(message);
                });
    }

    private Principal guest() {
        return access.assume(
                "Pool", new Role("GuestRole", List.of()), new Guest("pool", "identity"), Duration.ofHours(1));
    }

    private SdkHttpRequest signed(Credentials key) {
        var identity =
                AwsSessionCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey(), key.sessionToken());
        return AwsV4HttpSigner.create()
                .sign(request -> request.identity(identity)
                        .request(SdkHttpRequest.builder()
                                .method(SdkHttpMethod.GET)
                                .uri(URI.create("http://localhost:8080/dev"))
                                .build())
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(5))
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
                .request();
    }
}
