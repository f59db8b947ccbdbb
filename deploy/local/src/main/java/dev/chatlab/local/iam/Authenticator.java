package dev.chatlab.local.iam;

import dev.chatlab.local.iam.Authentication.Authenticated;
import dev.chatlab.local.iam.Authentication.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Tells who has signed a request (AWS Signature Version 4), as API Gateway does.
 *
 * <p>A signature is good for five minutes from the time that it says, and that time may lie five minutes ahead. That holds for a
 * signed query, too: {@code X-Amz-Expires} is signed, and that is all. Only S3 lets it decide anything (aws/aws-sdk-go pull
 * request 2224), and API Gateway refuses a query after five minutes whether it says more or less (Stack Overflow, "How to increase
 * expiration time in AWS signature v4 pre-signed links for API Gateway"). Until then, whoever has a request can repeat it: there
 * is no nonce.
 *
 * <p>The order of the checks, and the messages, are those that mhart/dynalite found out; types of errors and the words for keys are
 * from AWS's table of API Gateway's answers (repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden).
 */
public final class Authenticator {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final AccessControl access;
    private final String region;
    private final String service;
    private final InstantSource clock;

    /** @param service as credentials are scoped to it, such as {@code execute-api} */
    public Authenticator(AccessControl access, String region, String service, InstantSource clock) {
        this.access = access;
        this.region = region;
        this.service = service;
        this.clock = clock;
    }

    /** Who has signed it, or why nobody has. */
    public Authentication authenticate(SignedRequest request) {
        return switch (Claim.of(request)) {
            case Claim.Incomplete incomplete -> incomplete.refused();
            case Claim.Complete complete -> verify(complete.claim(), request);
        };
    }

    private Authentication verify(Claim claim, SignedRequest request) {
        var refused = untimely(claim).or(() -> unbound(claim)).or(() -> misplaced(claim));
        if (refused.isPresent()) {
            return refused.get();
        }
        String[] keyAndScope = claim.credential().split("/", 2);
        var principal = access.principal(keyAndScope[0]);
        return principal.isEmpty() ? unknown() : verify(claim, keyAndScope[1], request, principal.get());
    }

    private Optional<Refused> untimely(Claim claim) {
        Instant now = clock.instant();
        Instant signed;
        try {
            signed = Instant.from(TIME.parse(claim.time()));
        } catch (DateTimeParseException e) {
            return Optional.of(new Refused(
                    "IncompleteSignatureException",
                    "Date must be in ISO-8601 'basic format'. Got '" + claim.time()
                            + "'. See http://en.wikipedia.org/wiki/ISO_8601"));
        }
        if (signed.isBefore(now.minus(WINDOW))) {
            return invalid("Signature expired: " + claim.time() + " is now earlier than "
                    + TIME.format(now.minus(WINDOW)) + " (" + TIME.format(now) + " - 5 min.)");
        }
        if (signed.isAfter(now.plus(WINDOW))) {
            return invalid("Signature not yet current: " + claim.time() + " is still later than "
                    + TIME.format(now.plus(WINDOW)) + " (" + TIME.format(now) + " + 5 min.)");
        }
        return Optional.empty();
    }

    /** A signature that leaves the host out would be good at every host. */
    private static Optional<Refused> unbound(Claim claim) {
        return claim.signedHeaders().contains("host")
                ? Optional.empty()
                : invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
    }

    private Optional<Refused> misplaced(Claim claim) {
        String[] parts = claim.credential().split("/", -1);
        if (parts.length != 5) {
            return Optional.of(new Refused(
                    "IncompleteSignatureException",
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '"
                            + claim.credential() + "'"));
        }
        var problems = new StringBuilder();
        if (!parts[2].equals(region)) {
            problems.append("Credential should be scoped to a valid region, not '" + parts[2] + "'. ");
        }
        if (!parts[3].equals(service)) {
            problems.append("Credential should be scoped to correct service: '" + service + "'. ");
        }
        if (!parts[4].equals(SignatureV4.TERMINATOR)) {
            problems.append("Credential should be scoped with a valid terminator: '" + SignatureV4.TERMINATOR
                    + "', not '" + parts[4] + "'. ");
        }
        String day = claim.time().substring(0, 8);
        if (!parts[1].equals(day)) {
            problems.append(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                            + parts[1] + "' != '" + day + "', from '" + claim.time() + "'. ");
        }
        return problems.isEmpty()
                ? Optional.empty()
                : invalid(problems.toString().strip());
    }

    private Authentication verify(Claim claim, String scope, SignedRequest request, Principal principal) {
        String canonicalRequest = SignatureV4.canonicalRequest(request, claim.signedHeaders());
        String stringToSign = SignatureV4.stringToSign(claim.time(), scope, canonicalRequest);
        var key = principal.credentials();
        if (!same(SignatureV4.signature(key.secretAccessKey(), scope, stringToSign), claim.signature())) {
            return new Refused(
                    "InvalidSignatureException",
                    "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                            + " Access Key and signing method. Consult the service documentation for details.\n\nThe"
                            + " Canonical String for this request should have been\n'" + canonicalRequest
                            + "'\n\nThe String-to-Sign should have been\n'" + stringToSign + "'\n");
        }
        if (!same(key.sessionToken(), claim.sessionToken())) {
            return unknown();
        }
        if (!clock.instant().isBefore(principal.expires())) {
            return new Refused("ExpiredTokenException", "The security token included in the request is expired");
        }
        return new Authenticated(principal);
    }

    /** However much of it is right takes the same time. */
    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static Refused unknown() {
        return new Refused("AccessDeniedException", "The security token included in the request is invalid.");
    }

    private static Optional<Refused> invalid(String message) {
        return Optional.of(new Refused("InvalidSignatureException", message));
    }
}
