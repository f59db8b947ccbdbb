package dev.samlocal.iam;

import dev.samlocal.iam.Permissions.Access;
import dev.samlocal.iam.Principal.Guest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks what functions and guests may do. Each is known by its access key. A request with another key, or without a signature,
 * comes from the developer at this machine and may do everything. Signatures are verified by {@link Authenticator} only.
 */
public final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,\\s]+)/");

    private final String account;
    private final String region;
    private final Permissions permissions;
    private final InstantSource clock;
    private final Map<String, Principal> byAccessKey = new ConcurrentHashMap<>();
    private final Map<String, Principal> functions = new LinkedHashMap<>();

    /** @param roles of functions, by logical id; a function without a role is not checked */
    public AccessControl(
            String account, String region, Map<String, Role> roles, Permissions permissions, InstantSource clock) {
        this.account = account;
        this.region = region;
        this.permissions = permissions;
        this.clock = clock;
        roles.forEach((function, role) ->
                functions.put(function, assume(function, role, function, Instant.MAX, Optional.empty())));
    }

    /** Opens a session of a role for a guest of an identity pool. */
    public Principal assume(String identityPool, Role role, Guest guest, Duration lifetime) {
        Instant expires = clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
        return assume(identityPool, role, "CognitoIdentityCredentials", expires, Optional.of(guest));
    }

    private Principal assume(String holder, Role role, String session, Instant expires, Optional<Guest> guest) {
        var principal = new Principal(
                account,
                holder,
                role,
                "AROA" + role.name() + ":" + session,
                "arn:aws:sts::" + account + ":assumed-role/" + role.name() + "/" + session,
                new Credentials("ASIA" + random().substring(0, 16).toUpperCase(Locale.ROOT), random(), random()),
                expires,
                guest);
        byAccessKey.put(principal.credentials().accessKeyId(), principal);
        return principal;
    }

    private static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The credentials of a function, if it has a role. */
    public Optional<Credentials> credentials(String function) {
        return Optional.ofNullable(functions.get(function)).map(Principal::credentials);
    }

    /** The owner of an access key, which may have expired. */
    public Optional<Principal> principal(String accessKeyId) {
        return Optional.ofNullable(byAccessKey.get(accessKeyId));
    }

    /** The ARN of a resource in this account and region. */
    public String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource;
    }

    /**
     * Returns the reason why a request is denied, in AWS's words; empty if it is permitted.
     *
     * @param authorization the request's header of that name
     */
    public Optional<String> denial(@Nullable String authorization, String action, String resource) {
        var credential = CREDENTIAL.matcher(authorization == null ? "" : authorization);
        return credential.find()
                ? principal(credential.group(1)).flatMap(principal -> denialOf(principal, action, resource))
                : Optional.empty();
    }

    /** Returns the reason why a principal is denied an action, in AWS's words; empty if it is permitted. */
    public Optional<String> denialOf(Principal principal, String action, String resource) {
        String holder = principal.holder();
        boolean denied = principal.role().statements().stream()
                .anyMatch(statement -> !statement.allows()
                        && !statement.covering(holder, action, resource).isEmpty());
        boolean permitted = !denied
                && principal.role().statements().stream()
                        .filter(Statement::allows)
                        .flatMap(statement -> statement.covering(holder, action, resource).stream())
                        .anyMatch(permissions.granted());
        permissions.observer().accept(new Access(holder, action, resource, permitted));
        if (permitted) {
            return Optional.empty();
        }
        LOG.warn("{} may not {} on {}", holder, action, resource);
        return Optional.of("User: " + principal.arn() + " is not authorized to perform: " + action + " on resource: "
                + resource
                + (denied
                        ? " with an explicit deny in an identity-based policy"
                        : " because no identity-based policy allows the " + action + " action"));
    }
}
