package dev.samlocal;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes small HTTP responses. */
final class Replies {
    private Replies() {}

    /** JSON, or no content when the body is empty. */
    static void json(Response response, int status, String body, Callback callback) {
        text(response, status, "application/json", body, callback);
    }

    static void plain(Response response, int status, String body, Callback callback) {
        text(response, status, "text/plain; charset=utf-8", body, callback);
    }

    static void text(Response response, int status, String type, String body, Callback callback) {
        response.setStatus(status);
        if (body.isEmpty()) {
            response.write(true, null, callback);
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        Content.Sink.write(response, true, body, callback);
    }

    /** An error as AWS services write it. */
    static void error(Response response, int status, String type, String message, Callback callback) {
        response.getHeaders().put("x-amzn-ErrorType", type);
        try {
            json(response, status, JSON.std.asString(Map.of("message", message)), callback);
        } catch (IOException e) {
            callback.failed(e);
        }
    }
}
