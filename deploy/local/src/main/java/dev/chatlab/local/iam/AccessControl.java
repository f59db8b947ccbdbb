package dev.chatlab.local.iam;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows functions by the access key that each signs with, and says what their roles allow. Whoever signs with no function's
 * key, or does not sign, is somebody at this machine, and may do everything. Signatures are not verified.
 */
public final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,\\s]+)/");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final String account;
    private final String region;
    private final Permissions permissions;
    private final Map<String, Principal> principals = new LinkedHashMap<>();
    private final Map<String, Credentials> credentials = new LinkedHashMap<>();

    /** A function's key, as its environment variables carry it. */
    public record Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {}

    private record Principal(String function, String arn, Role role) {}

    /** @param roles of functions, by logical id; a function without one is not checked */
    public AccessControl(String account, String region, Map<String, Role> roles, Permissions permissions) {
        this.account = account;
        this.region = region;
        this.permissions = permissions;
        var random = new SecureRandom();
        roles.forEach((function, role) -> {
            var key = new Credentials("ASIA" + text(random, 16), text(random, 40), text(random, 40));
            credentials.put(function, key);
            principals.put(
                    key.accessKeyId,
                    new Principal(
                            function,
                            "arn:aws:sts::" + account + ":assumed-role/" + role.name() + "/" + function,
                            role));
        });
    }

    private static String text(SecureRandom random, int length) {
        var text = new StringBuilder(length);
        random.ints(length, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
        return text.toString();
    }

    /** What a function signs with, if it has a role. */
    public Optional<Credentials> credentials(String function) {
        return Optional.ofNullable(credentials.get(function));
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
        return principal(authorization).flatMap(principal -> denial(principal, action, resource));
    }

    private Optional<Principal> principal(@Nullable String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        var credential = CREDENTIAL.matcher(authorization);
        return credential.find() ? Optional.ofNullable(principals.get(credential.group(1))) : Optional.empty();
    }

    private Optional<String> denial(Principal principal, String action, String resource) {
        boolean denied = principal.role.statements().stream()
                .anyMatch(statement -> !statement.allows() && statement.covers(action, resource));
        boolean permitted = !denied
                && principal.role.statements().stream()
                        .anyMatch(statement -> statement.allows() && allows(principal, statement, action, resource));
        permissions.observer().accept(new Access(principal.function, action, resource, permitted));
        if (permitted) {
            return Optional.empty();
        }
        LOG.warn("{} may not {} on {}", principal.function, action, resource);
        return Optional.of("User: " + principal.arn + " is not authorized to perform: " + action + " on resource: "
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
                                permissions.granted().test(new Grant(principal.function, pattern, resources))));
    }
}
