package dev.chatlab.local;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.local.iam.AccessControl;
import dev.chatlab.local.iam.Principal.Guest;
import dev.chatlab.local.template.Backing.IdentityPool;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What Amazon Cognito does for guests: an identity of a pool, and credentials of the pool's role for guests, in the enhanced flow
 * (Amazon Cognito Federated Identities API reference). Whoever calls signs nothing. An identity is known until the gateway stops.
 */
final class IdentityPoolsApi {
    private static final String TARGET = "X-Amz-Target";
    private static final String SERVICE = "AWSCognitoIdentityService.";

    /** Of the enhanced flow, always. */
    private static final Duration LIFETIME = Duration.ofHours(1);

    private static final int MAX_REQUEST = 64 * 1024;
    private static final Pattern ID = Pattern.compile("[\\w-]+:[0-9a-f-]+");

    private final List<IdentityPool> pools;
    private final AccessControl access;
    private final Map<String, IdentityPool> identities = new ConcurrentHashMap<>();

    private record Answer(int status, Map<String, Object> body) {
        static Answer ok(Map<String, Object> body) {
            return new Answer(200, body);
        }

        static Answer error(String type, String message) {
            return new Answer(400, Map.of("__type", type, "message", message));
        }
    }

    IdentityPoolsApi(List<IdentityPool> pools, AccessControl access) {
        this.pools = List.copyOf(pools);
        this.access = access;
    }

    /** Whether somebody asks this, and not another thing at the same address. */
    boolean isAsked(Request request) {
        var target = request.getHeaders().get(TARGET);
        return !pools.isEmpty() && request.getMethod().equals("POST") && target != null && target.startsWith(SERVICE);
    }

    void handle(Request request, Response response, Callback callback) throws IOException {
        String target = request.getHeaders().get(TARGET);
        var answer = answer(target.substring(SERVICE.length()), request);
        if (answer.body().get("__type") instanceof String type) {
            response.getHeaders().put("x-amzn-ErrorType", type);
        }
        // Keys are in it.
        response.getHeaders().put("Cache-Control", "no-store");
        Replies.typed(
                response, answer.status(), "application/x-amz-json-1.1", JSON.std.asString(answer.body()), callback);
    }

    private Answer answer(String operation, Request request) throws IOException {
        Map<String, Object> asked;
        try (InputStream body = Content.Source.asInputStream(request)) {
            asked = JSON.std.mapFrom(body.readNBytes(MAX_REQUEST));
        } catch (IOException e) {
            return Answer.error("SerializationException", "the request is not JSON");
        }
        if (asked.get("Logins") instanceof Map<?, ?> logins && !logins.isEmpty()) {
            return Answer.error(
                    "NotAuthorizedException", "Token is not from a supported provider of this identity pool.");
        }
        return switch (operation) {
            case "GetId" -> invalid(asked, "IdentityPoolId").orElseGet(() -> identity(asked));
            case "GetCredentialsForIdentity" -> invalid(asked, "IdentityId").orElseGet(() -> credentials(asked));
            default -> Answer.error("UnknownOperationException", operation + " has no local counterpart");
        };
    }

    private static Optional<Answer> invalid(Map<String, Object> asked, String name) {
        String id = text(asked, name);
        return ID.matcher(id).matches()
                ? Optional.empty()
                : Optional.of(Answer.error(
                        "ValidationException",
                        "1 validation error detected: Value '" + id + "' at '"
                                + Character.toLowerCase(name.charAt(0)) + name.substring(1)
                                + "' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                                + ID));
    }

    private Answer identity(Map<String, Object> asked) {
        String id = text(asked, "IdentityPoolId");
        var found = pools.stream().filter(pool -> pool.id().equals(id)).findFirst();
        if (found.isEmpty()) {
            return Answer.error("ResourceNotFoundException", "IdentityPool '" + id + "' not found.");
        }
        if (!found.get().admitsGuests()) {
            return Answer.error(
                    "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.");
        }
        String identity = id.substring(0, id.indexOf(':') + 1) + UUID.randomUUID();
        identities.put(identity, found.get());
        return Answer.ok(Map.of("IdentityId", identity));
    }

    private Answer credentials(Map<String, Object> asked) {
        String identity = text(asked, "IdentityId");
        var pool = identities.get(identity);
        if (pool == null) {
            return Answer.error("ResourceNotFoundException", "Identity '" + identity + "' not found.");
        }
        if (pool.guestRole().isEmpty()) {
            return Answer.error(
                    "InvalidIdentityPoolConfigurationException",
                    "Invalid identity pool configuration. Check assigned IAM roles for this pool.");
        }
        var guest = access.assume(pool.logicalId(), pool.guestRole().get(), new Guest(pool.id(), identity), LIFETIME);
        var key = guest.credentials();
        return Answer.ok(Map.of(
                "IdentityId",
                identity,
                "Credentials",
                Map.of(
                        "AccessKeyId", key.accessKeyId(),
                        "SecretKey", key.secretAccessKey(),
                        "SessionToken", key.sessionToken(),
                        "Expiration", guest.expires().getEpochSecond())));
    }

    private static String text(Map<String, Object> asked, String name) {
        return asked.get(name) instanceof String text ? text : "";
    }
}
