package dev.chatlab.local.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.local.iam.Authentication.Authenticated;
import dev.chatlab.local.iam.Authentication.Refused;
import dev.chatlab.local.iam.Principal.Guest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What happens when time passes; the rest is the handshake's to tell. */
class AuthenticatorTest {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Instant now = Instant.parse("2030-01-01T12:00:00Z");
    private final AccessControl access = new AccessControl(
            "000000000000",
            "us-east-1",
            Map.of("Caller", new Role("CallerRole", List.of())),
            Permissions.OF_TEMPLATE,
            () -> now);
    private final Authenticator authenticator = new Authenticator(access, "us-east-1", "execute-api", () -> now);
    private final Principal guest = guest(Duration.ofHours(1));

    @Test
    void credentialsThatExpireAreGoodUntilThen() {
        now = now.plus(Duration.ofMinutes(59));
        assertThat(authenticate(guest.credentials())).isEqualTo(new Authenticated(guest));

        now = now.plus(Duration.ofMinutes(1));
        assertThat(authenticate(guest.credentials()))
                .isEqualTo(
                        new Refused("ExpiredTokenException", "The security token included in the request is expired"));
    }

    @Test
    void credentialsThatHaveLongExpiredAreForgotten() {
        now = now.plus(Duration.ofHours(2)).plusSeconds(1);
        var another = guest(Duration.ofHours(1));

        assertThat(access.principal(guest.credentials().accessKeyId())).isEmpty();
        assertThat(authenticate(another.credentials())).isEqualTo(new Authenticated(another));
    }

    @Test
    void aFunctionIsKnownByItsKey() {
        now = now.plus(Duration.ofDays(1000));
        var key = access.credentials("Caller").orElseThrow();

        assertThat(authenticate(key))
                .isEqualTo(new Authenticated(access.principal(key.accessKeyId()).orElseThrow()));
    }

    @Test
    void theWindowIsClosedToTheSecond() {
        var signed = request(guest.credentials());
        var start = now;

        now = start.plus(Duration.ofMinutes(5));
        assertThat(authenticator.authenticate(signed)).isInstanceOf(Authenticated.class);
        now = start.plus(Duration.ofMinutes(5)).plusSeconds(1);
        assertThat(authenticator.authenticate(signed))
                .isEqualTo(
                        new Refused(
                                "InvalidSignatureException",
                                "Signature expired: 20300101T120000Z is now earlier than 20300101T120001Z (20300101T120501Z - 5 min.)"));
        now = start.minus(Duration.ofMinutes(5));
        assertThat(authenticator.authenticate(signed)).isInstanceOf(Authenticated.class);
        now = start.minus(Duration.ofMinutes(5)).minusSeconds(1);
        assertThat(authenticator.authenticate(signed))
                .isEqualTo(
                        new Refused(
                                "InvalidSignatureException",
                                "Signature not yet current: 20300101T120000Z is still later than 20300101T115959Z (20300101T115459Z + 5 min.)"));
    }

    private Principal guest(Duration lifetime) {
        return access.assume("Pool", new Role("GuestRole", List.of()), new Guest("pool", "somebody"), lifetime);
    }

    private Authentication authenticate(Credentials key) {
        return authenticator.authenticate(request(key));
    }

    private SignedRequest request(Credentials key) {
        String time = TIME.format(now);
        String scope = time.substring(0, 8) + "/us-east-1/execute-api/aws4_request";
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + key.accessKeyId() + "/" + scope
                + "&X-Amz-Date=" + time + "&X-Amz-SignedHeaders=host&X-Amz-Security-Token=" + key.sessionToken();
        var headers = Map.of("Host", List.of("localhost:8080"));
        String signature = SignatureV4.signature(
                key.secretAccessKey(),
                scope,
                SignatureV4.stringToSign(
                        time,
                        scope,
                        SignatureV4.canonicalRequest(
                                new SignedRequest("GET", "/dev", query, headers), List.of("host"))));
        return new SignedRequest("GET", "/dev", query + "&X-Amz-Signature=" + signature, headers);
    }
}
