package dev.samlocal.iam;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.internal.signer.CredentialScope;
import software.amazon.awssdk.http.auth.aws.internal.signer.V4Properties;
import software.amazon.awssdk.http.auth.aws.internal.signer.V4RequestSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Verifies AWS Signature Version 4 as API Gateway does. It computes the signature again with the AWS SDK's own signer.
 *
 * <p>A signature is valid from five minutes before to five minutes after its time. That holds for a signed query, too: only S3
 * reads {@code X-Amz-Expires} (aws/aws-sdk-go pull request 2224; Stack Overflow, "How to increase expiration time in AWS signature
 * v4 pre-signed links for API Gateway"). There is no nonce, so a request can be replayed until then.
 *
 * <p>The error types are those of AWS's table of API Gateway's answers
 * (repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden).
 */
public final class Authenticator {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final String EMPTY_BODY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final AccessControl access;
    private final String region;
    private final String service;
    private final InstantSource clock;

    /** @param service the service in the credential scope, such as {@code execute-api} */
    public Authenticator(AccessControl access, String region, String service, InstantSource clock) {
        this.access = access;
        this.region = region;
        this.service = service;
        this.clock = clock;
    }

    /** Returns the principal that signed a request without a body. */
    public Principal authenticate(SdkHttpRequest request) throws AuthenticationException {
        var signature = RequestSignature.of(request);
        Instant now = clock.instant();
        Instant signedAt = parse(signature.time());
        require(!signedAt.isBefore(now.minus(WINDOW)), "Signature expired: " + signature.time());
        require(!signedAt.isAfter(now.plus(WINDOW)), "Signature not yet current: " + signature.time());
        // A signature without the host would be valid at every host.
        require(signature.signedHeaders().contains("host"), "'Host' must be a signed header.");
        var scope = new CredentialScope(region, service, signedAt);
        require(signature.scope().equals(scope.scope()), "Credential should be scoped to " + scope.scope() + ".");
        var principal = access.principal(signature.accessKeyId()).orElseThrow(Authenticator::invalidToken);
        require(
                same(sign(request, signature, scope, principal.credentials()), signature.signature()),
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                        + " Access Key and signing method. Consult the service documentation for details.");
        if (!same(principal.credentials().sessionToken(), signature.sessionToken())) {
            throw invalidToken();
        }
        if (!now.isBefore(principal.expires())) {
            throw new AuthenticationException(
                    "ExpiredTokenException", "The security token included in the request is expired");
        }
        return principal;
    }

    private static Instant parse(String time) throws AuthenticationException {
        try {
            return Instant.from(TIME.parse(time));
        } catch (DateTimeParseException e) {
            throw new AuthenticationException(
                    "IncompleteSignatureException", "Date must be in ISO-8601 'basic format'. Got '" + time + "'.");
        }
    }

    private static void require(boolean valid, String otherwise) throws AuthenticationException {
        if (!valid) {
            throw new AuthenticationException("InvalidSignatureException", otherwise);
        }
    }

    private static AuthenticationException invalidToken() {
        return new AuthenticationException(
                "AccessDeniedException", "The security token included in the request is invalid.");
    }

    /**
     * Signs exactly what the client signed. The SDK's public signer cannot: it adds a header or a parameter of its own that other
     * signers leave out, so this uses the step below it.
     */
    static String sign(SdkHttpRequest request, RequestSignature signature, CredentialScope scope, Credentials key) {
        var signed = request.toBuilder().clearHeaders().removeQueryParameter("X-Amz-Signature");
        signature.signedHeaders().forEach(name -> signed.putHeader(name, request.matchingHeaders(name)));
        var properties = V4Properties.builder()
                .credentials(AwsCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey()))
                .credentialScope(scope)
                .signingClock(Clock.fixed(scope.getInstant(), ZoneOffset.UTC))
                .doubleUrlEncode(true)
                .normalizePath(false)
                .build();
        return V4RequestSigner.create(properties, EMPTY_BODY_SHA256)
                .sign(signed)
                .getSignature();
    }

    /** Compares in constant time. */
    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
