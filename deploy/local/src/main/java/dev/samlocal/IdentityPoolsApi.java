package dev.samlocal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.iam.AccessControl;
import dev.samlocal.iam.Principal.Guest;
import dev.samlocal.template.BackingResources.IdentityPool;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Amazon Cognito's API for guests of identity pools: {@code GetId} and {@code GetCredentialsForIdentity} of the enhanced flow
 * (Amazon Cognito Federated Identities API reference). Requests are not signed. An identity is known until the gateway stops.
 */
final class IdentityPoolsApi {
    private static final String TARGET = "X-Amz-Target";
    private static final String SERVICE = "AWSCognitoIdentityService.";

    /** The lifetime of credentials in the enhanced flow. */
    private static final Duration LIFETIME = Duration.ofHours(1);

    private static final int MAX_REQUEST = 64 * 1024;

    private final List<IdentityPool> pools;
    private final AccessControl access;
    private final Map<String, IdentityPool> identities = new ConcurrentHashMap<>();

    IdentityPoolsApi(List<IdentityPool> pools, AccessControl access) {
        this.pools = pools;
        this.access = access;
    }

    /** Whether a request is for this API. */
    boolean accepts(Request request) {
        var target = request.getHeaders().get(TARGET);
        return !pools.isEmpty() && request.getMethod().equals("POST") && target != null && target.startsWith(SERVICE);
    }

    void handle(Request request, Response response, Callback callback) throws IOException {
        Map<String, Object> body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            var input = JSON.std.mapFrom(in.readNBytes(MAX_REQUEST));
            body = respond(request.getHeaders().get(TARGET).substring(SERVICE.length()), input);
        } catch (IOException e) {
            body = error("SerializationException", "the request is not JSON");
        }
        boolean failed = body.get("__type") instanceof String;
        if (failed) {
            response.getHeaders().put("x-amzn-ErrorType", String.valueOf(body.get("__type")));
        }
        // The response may contain credentials.
        response.getHeaders().put("Cache-Control", "no-store");
        Replies.text(response, failed ? 400 : 200, "application/x-amz-json-1.1", JSON.std.asString(body), callback);
    }

    private Map<String, Object> respond(String operation, Map<String, Object> input) {
        return switch (operation) {
            case "GetId" -> identity(String.valueOf(input.get("IdentityPoolId")));
            case "GetCredentialsForIdentity" -> credentials(String.valueOf(input.get("IdentityId")));
            default -> error("UnknownOperationException", operation + " is not supported here");
        };
    }

    private Map<String, Object> identity(String poolId) {
        var found = pools.stream().filter(pool -> pool.id().equals(poolId)).findFirst();
        if (found.isEmpty()) {
            return error("ResourceNotFoundException", "IdentityPool '" + poolId + "' not found.");
        }
        if (!found.get().admitsGuests()) {
            return error("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.");
        }
        String identity = poolId.substring(0, poolId.indexOf(':') + 1) + UUID.randomUUID();
        identities.put(identity, found.get());
        return Map.of("IdentityId", identity);
    }

    private Map<String, Object> credentials(String identity) {
        var pool = identities.get(identity);
        if (pool == null) {
            return error("ResourceNotFoundException", "Identity '" + identity + "' not found.");
        }
        if (pool.guestRole().isEmpty()) {
            return error("InvalidIdentityPoolConfigurationException", "The identity pool has no role for guests.");
        }
        var guest = access.assume(pool.logicalId(), pool.guestRole().get(), new Guest(pool.id(), identity), LIFETIME);
        var key = guest.credentials();
        var credentials = Map.of(
                "AccessKeyId", key.accessKeyId(),
                "SecretKey", key.secretAccessKey(),
                "SessionToken", key.sessionToken(),
                "Expiration", guest.expires().getEpochSecond());
        return Map.of("IdentityId", identity, "Credentials", credentials);
    }

    private static Map<String, Object> error(String type, String message) {
        return Map.of("__type", type, "message", message);
    }
}
