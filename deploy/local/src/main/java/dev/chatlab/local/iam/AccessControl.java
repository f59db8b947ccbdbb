package dev.chatlab.local.iam;

import dev.chatlab.local.iam.Principal.Guest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows functions and guests by the access key that each signs with, and says what their roles allow. Whoever signs with
 * another key, or does not sign, is somebody at this machine, and may do everything; unless it is asked who it is, which is an
 * {@link Authenticator}'s business: here, signatures are not verified.
 */
public final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,\\s]+)/");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** So long after it has expired, a key is still known for one that has. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final String account;
    private final String region;
    private final Permissions permissions;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Principal> byAccessKey = new ConcurrentHashMap<>();
    private final Map<String, Principal> functions = new LinkedHashMap<>();

    /** @param roles of functions, by logical id; a function without one is not checked */
    public AccessControl(
            String account, String region, Map<String, Role> roles, Permissions permissions, InstantSource clock) {
        this.account = account;
        this.region = region;
        this.permissions = permissions;
        this.clock = clock;
        roles.forEach((function, role) ->
                functions.put(function, assume(function, role, function, Instant.MAX, Optional.empty())));
    }

    /** A session of a role, in the name of somebody at an identity pool. */
    public Principal assume(String identityPool, Role role, Guest guest, Duration lifetime) {
        Instant now = clock.instant();
        byAccessKey.values().removeIf(principal -> principal.expires().isBefore(now.minus(REMEMBERED)));
        return assume(
                identityPool,
                role,
                "CognitoIdentityCredentials",
                now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS),
                Optional.of(guest));
    }

    private Principal assume(String holder, Role role, String session, Instant expires, Optional<Guest> guest) {
        var principal = new Principal(
                account,
                holder,
                role,
                role.id() + ":" + session,
                "arn:aws:sts::" + account + ":assumed-role/" + role.name() + "/" + session,
                new Credentials("ASIA" + text(16), text(40), text(40)),
                expires,
                guest);
        byAccessKey.put(principal.credentials().accessKeyId(), principal);
        return principal;
    }

    private String text(int length) {
        var text = new StringBuilder(length);
        random.ints(length, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
        return text.toString();
    }

    /** What a function signs with, if it has a role. */
    public Optional<Credentials> credentials(String function) {
        return Optional.ofNullable(functions.get(function)).map(Principal::credentials);
    }

    /** Whose key it is; it may have expired. */
    public Optional<Principal> principal(String accessKeyId) {
        return Optional.ofNullable(byAccessKey.get(accessKeyId));
    }

    /** The ARN of something of this account in this region. */
    public String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource;
    }

    /**
     * Why not, in AWS's words; nothing if it is allowed.
     *
     * @param authorization the header of the request, signed as AWS's version 4 says
     */
    public Optional<String> denial(@Nullable String authorization, String action, String resource) {
        return claimed(authorization).flatMap(principal -> denialTo(principal, action, resource));
    }

    private Optional<Principal> claimed(@Nullable String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        var credential = CREDENTIAL.matcher(authorization);
        return credential.find() ? principal(credential.group(1)) : Optional.empty();
    }

    /** Why somebody may not, in AWS's words; nothing if it is allowed. */
    public Optional<String> denialTo(Principal principal, String action, String resource) {
        boolean denied = principal.role().statements().stream()
                .anyMatch(statement -> !statement.allows() && statement.covers(action, resource));
        boolean permitted = !denied
                && principal.role().statements().stream()
                        .anyMatch(statement -> statement.allows() && allows(principal, statement, action, resource));
        permissions.observer().accept(new Access(principal.holder(), action, resource, permitted));
        if (permitted) {
            return Optional.empty();
        }
        LOG.warn("{} may not {} on {}", principal.holder(), action, resource);
        return Optional.of("User: " + principal.arn() + " is not authorized to perform: " + action + " on resource: "
                + resource
                + (denied
                        ? " with an explicit deny in an identity-based policy"
                        : " because no identity-based policy allows the " + action + " action"));
    }

    private boolean allows(Principal principal, Statement statement, String action, String resource) {
        return statement.actions().stream()
                .filter(pattern -> Wildcard.ignoringCase(pattern, action))
                .anyMatch(pattern -> statement.resources().stream()
                        .filter(resources -> Wildcard.exactly(resources, resource))
                        .anyMatch(resources ->
                                permissions.granted().test(new Grant(principal.holder(), pattern, resources))));
    }
}
