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
    private static final String INVALID = "InvalidSignatureException";
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
        Instant signedAt = signedAt(signature);
        // A signature without the host would be valid at every host.
        if (!signature.signedHeaders().contains("host")) {
            throw new AuthenticationException(INVALID, "'Host' must be a signed header.");
        }
        checkScope(signature);
        var principal = access.principal(signature.accessKeyId()).orElseThrow(Authenticator::invalidToken);
        if (!same(sign(request, signature, signedAt, principal.credentials()), signature.signature())) {
            throw new AuthenticationException(
                    INVALID,
                    "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                            + " Access Key and signing method. Consult the service documentation for details.");
        }
        if (!same(principal.credentials().sessionToken(), signature.sessionToken())) {
            throw invalidToken();
        }
        if (!clock.instant().isBefore(principal.expires())) {
            throw new AuthenticationException(
                    "ExpiredTokenException", "The security token included in the request is expired");
        }
        return principal;
    }

    private Instant signedAt(RequestSignature signature) throws AuthenticationException {
        Instant now = clock.instant();
        Instant signed;
        try {
            signed = Instant.from(TIME.parse(signature.time()));
        } catch (DateTimeParseException e) {
            throw new AuthenticationException(
                    "IncompleteSignatureException",
                    "Date must be in ISO-8601 'basic format'. Got '" + signature.time() + "'.");
        }
        if (signed.isBefore(now.minus(WINDOW))) {
            throw new AuthenticationException(
                    INVALID,
                    "Signature expired: " + signature.time() + " is now earlier than "
                            + TIME.format(now.minus(WINDOW)));
        }
        if (signed.isAfter(now.plus(WINDOW))) {
            throw new AuthenticationException(
                    INVALID,
                    "Signature not yet current: " + signature.time() + " is still later than "
                            + TIME.format(now.plus(WINDOW)));
        }
        return signed;
    }

    private void checkScope(RequestSignature signature) throws AuthenticationException {
        if (!signature.region().equals(region)) {
            throw new AuthenticationException(
                    INVALID, "Credential should be scoped to a valid region, not '" + signature.region() + "'.");
        }
        if (!signature.service().equals(service)) {
            throw new AuthenticationException(
                    INVALID, "Credential should be scoped to correct service: '" + service + "'.");
        }
        if (!signature.time().startsWith(signature.date())) {
            throw new AuthenticationException(
                    INVALID,
                    "Date in Credential scope does not match the date of the request: '" + signature.date() + "'.");
        }
    }

    /**
     * Signs exactly what the client signed. The SDK's public signer cannot: it adds a header or a parameter of its own that other
     * signers leave out, so this uses the step below it.
     */
    static String sign(SdkHttpRequest request, RequestSignature signature, Instant signedAt, Credentials key) {
        var signed = SdkHttpRequest.builder()
                .method(request.method())
                .protocol(request.protocol())
                .host(request.host())
                .encodedPath(request.encodedPath());
        request.rawQueryParameters().forEach((name, values) -> {
            if (!name.equals(RequestSignature.SIGNATURE_PARAMETER)) {
                signed.putRawQueryParameter(name, values);
            }
        });
        signature.signedHeaders().forEach(name -> signed.putHeader(name, request.matchingHeaders(name)));
        var properties = V4Properties.builder()
                .credentials(AwsCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey()))
                .credentialScope(new CredentialScope(signature.region(), signature.service(), signedAt))
                .signingClock(Clock.fixed(signedAt, ZoneOffset.UTC))
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

    private static AuthenticationException invalidToken() {
        return new AuthenticationException(
                "AccessDeniedException", "The security token included in the request is invalid.");
    }
}
