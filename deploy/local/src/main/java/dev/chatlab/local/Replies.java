package dev.chatlab.local;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The small answers of an HTTP server. */
final class Replies {
    private Replies() {}

    /** JSON, or nothing at all when the body is empty. */
    static void json(Response response, int status, String body, Callback callback) {
        typed(response, status, "application/json", body, callback);
    }

    static void plain(Response response, int status, String body, Callback callback) {
        typed(response, status, "text/plain; charset=utf-8", body, callback);
    }

    /** What is of another type, or nothing at all when the body is empty. */
    static void typed(Response response, int status, String type, String body, Callback callback) {
        response.setStatus(status);
        if (body.isEmpty()) {
            response.write(true, null, callback);
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        Content.Sink.write(response, true, body, callback);
    }
}
