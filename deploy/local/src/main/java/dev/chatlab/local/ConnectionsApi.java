package dev.chatlab.local;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.local.iam.AccessControl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * The {@code @connections} API: back ends send to a connection, look at it, or close it. Status codes and error types
 * are those of the service model of {@code apigatewaymanagementapi} in the AWS SDKs. What a function may do is what its role
 * allows; whoever calls without a function's key is somebody at this machine, and may do everything.
 */
final class ConnectionsApi {
    private static final long MAX_DRAINED = 16L * 1024 * 1024;

    private final Connections connections;
    private final AccessControl access;
    private final String arn;
    private final int maxMessageBytes;

    /** @param arn of the stage: what precedes the method in the ARN of a call to it */
    ConnectionsApi(Connections connections, AccessControl access, String arn, int maxMessageBytes) {
        this.connections = connections;
        this.access = access;
        this.arn = arn;
        this.maxMessageBytes = maxMessageBytes;
    }

    void handle(String connectionId, Request request, Response response, Callback callback) throws IOException {
        var denial = access.denial(
                request.getHeaders().get(HttpHeader.AUTHORIZATION),
                "execute-api:ManageConnections",
                arn + "/" + request.getMethod() + "/@connections/" + connectionId);
        if (denial.isPresent()) {
            error(response, 403, "AccessDeniedException", denial.get(), callback);
            return;
        }
        if (!Ids.wellFormed(connectionId)) {
            error(response, 400, "BadRequestException", "Invalid connectionId: " + connectionId, callback);
            return;
        }
        switch (request.getMethod()) {
            case "POST" -> post(connectionId, request, response, callback);
            case "GET" -> get(connectionId, response, callback);
            case "DELETE" -> delete(connectionId, response, callback);
            default -> forbidden(response, callback);
        }
    }

    private void post(String id, Request request, Response response, Callback callback) throws IOException {
        byte[] data;
        try (InputStream body = Content.Source.asInputStream(request)) {
            data = body.readNBytes(maxMessageBytes + 1);
            if (data.length > maxMessageBytes) {
                // Read on, so that the client has sent everything before it is told.
                body.skip(MAX_DRAINED);
                error(response, 413, "PayloadTooLargeException", "The data has exceeded the maximum size", callback);
                return;
            }
        }
        if (!isText(data)) {
            // A socket that carries text frames only has no other way to say so.
            error(response, 400, "BadRequestException", "The data is not UTF-8 text", callback);
            return;
        }
        var offer = connections.find(id).map(found -> found.offer(data)).orElse(Outbox.Offer.GONE);
        switch (offer) {
            case TAKEN -> Replies.json(response, 200, "", callback);
            case FULL -> error(response, 429, "LimitExceededException", "The client's buffer is full", callback);
            case GONE -> gone(response, callback);
        }
    }

    private void get(String id, Response response, Callback callback) throws IOException {
        var found = connections.find(id);
        if (found.isEmpty()) {
            gone(response, callback);
            return;
        }
        var connection = found.get();
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("sourceIp", connection.caller().sourceIp());
        identity.put("userAgent", connection.caller().userAgent());
        Map<String, Object> information = new LinkedHashMap<>();
        information.put(
                "connectedAt",
                DateTimeFormatter.ISO_INSTANT.format(connection.connectedAt().truncatedTo(ChronoUnit.MILLIS)));
        information.put("identity", identity);
        information.put(
                "lastActiveAt",
                DateTimeFormatter.ISO_INSTANT.format(connection.lastActiveAt().truncatedTo(ChronoUnit.MILLIS)));
        Replies.json(response, 200, JSON.std.asString(information), callback);
    }

    /** API Gateway closes with 1000, always (boto3 issue 3789). */
    private void delete(String id, Response response, Callback callback) {
        var found = connections.find(id);
        if (found.isEmpty()) {
            gone(response, callback);
            return;
        }
        found.get().close(CloseStatus.NORMAL, "");
        Replies.json(response, 204, "", callback);
    }

    static void forbidden(Response response, Callback callback) {
        error(response, 403, "ForbiddenException", "Forbidden", callback);
    }

    /** Its body is not JSON: only the header tells what it is. */
    private static void gone(Response response, Callback callback) {
        response.getHeaders().put("x-amzn-ErrorType", "GoneException");
        Replies.plain(response, 410, "Gone", callback);
    }

    static void error(Response response, int status, String type, String message, Callback callback) {
        response.getHeaders().put("x-amzn-ErrorType", type);
        try {
            Replies.json(response, status, JSON.std.asString(Map.of("message", message)), callback);
        } catch (IOException e) {
            callback.failed(e);
        }
    }

    private static boolean isText(byte[] data) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
