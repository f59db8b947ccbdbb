package dev.samlocal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.iam.AccessControl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * The {@code @connections} API: back ends post to a connection, read its status, or close it. Status codes and error types are
 * those of the service model of {@code apigatewaymanagementapi} in the AWS SDKs.
 */
final class ConnectionsApi {
    private static final long MAX_DRAINED = 16L * 1024 * 1024;

    private final Connections connections;
    private final AccessControl access;
    private final String stageArn;
    private final int maxMessageBytes;

    /** @param stageArn precedes the method in the ARN of a request */
    ConnectionsApi(Connections connections, AccessControl access, String stageArn, int maxMessageBytes) {
        this.connections = connections;
        this.access = access;
        this.stageArn = stageArn;
        this.maxMessageBytes = maxMessageBytes;
    }

    void handle(String connectionId, Request request, Response response, Callback callback) throws IOException {
        String method = request.getMethod();
        var denial = access.denial(
                request.getHeaders().get(HttpHeader.AUTHORIZATION),
                "execute-api:ManageConnections",
                stageArn + "/" + method + "/@connections/" + connectionId);
        if (denial.isPresent()) {
            Replies.error(response, 403, "AccessDeniedException", denial.get(), callback);
        } else if (!Ids.isWellFormed(connectionId)) {
            String message = "Invalid connectionId: " + connectionId;
            Replies.error(response, 400, "BadRequestException", message, callback);
        } else if (method.equals("POST")) {
            post(connectionId, request, response, callback);
        } else if (!method.equals("GET") && !method.equals("DELETE")) {
            forbidden(response, callback);
        } else {
            var found = connections.find(connectionId);
            if (found.isEmpty()) {
                gone(response, callback);
            } else if (method.equals("GET")) {
                Replies.json(response, 200, JSON.std.asString(status(found.get())), callback);
            } else {
                // API Gateway always closes with 1000 (boto3 issue 3789).
                found.get().close(CloseStatus.NORMAL, "");
                Replies.json(response, 204, "", callback);
            }
        }
    }

    private void post(String id, Request request, Response response, Callback callback) throws IOException {
        byte[] data;
        try (InputStream body = Content.Source.asInputStream(request)) {
            data = body.readNBytes(maxMessageBytes + 1);
            if (data.length > maxMessageBytes) {
                // Reads on, because a client reads the response only after it has sent everything.
                body.skip(MAX_DRAINED);
                String message = "The data has exceeded the maximum size";
                Replies.error(response, 413, "PayloadTooLargeException", message, callback);
                return;
            }
        }
        if (!isUtf8(data)) {
            // A text frame cannot carry it.
            Replies.error(response, 400, "BadRequestException", "The data is not UTF-8 text", callback);
            return;
        }
        var offer = connections.find(id).map(found -> found.offer(data)).orElse(SendQueue.Offer.GONE);
        switch (offer) {
            case TAKEN -> Replies.json(response, 200, "", callback);
            case FULL ->
                Replies.error(response, 429, "LimitExceededException", "The client's buffer is full", callback);
            case GONE -> gone(response, callback);
        }
    }

    private static Map<String, Object> status(Connection connection) {
        return Map.of(
                "connectedAt", millis(connection.connectedAt()),
                "identity", connection.caller().identity(),
                "lastActiveAt", millis(connection.lastActiveAt()));
    }

    private static String millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static void forbidden(Response response, Callback callback) {
        Replies.error(response, 403, "ForbiddenException", "Forbidden", callback);
    }

    /** The body is not JSON. The SDK reads the error type from the header. */
    private static void gone(Response response, Callback callback) {
        response.getHeaders().put("x-amzn-ErrorType", "GoneException");
        Replies.plain(response, 410, "Gone", callback);
    }

    private static boolean isUtf8(byte[] data) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
