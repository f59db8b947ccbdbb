package dev.chatlab.local.dynamodb;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.local.iam.AccessControl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Lets through to the engine what the caller's role allows, and answers for DynamoDB where it does not. */
final class AccessCheck extends Handler.Wrapper {
    private final AccessControl access;

    AccessCheck(Handler engine, AccessControl access) {
        super(engine);
        this.access = access;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ByteBuffer body = Content.Source.asByteBuffer(request);
        Optional<String> denial = denial(request, body.duplicate());
        if (denial.isPresent()) {
            response.setStatus(400);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-amz-json-1.0");
            Content.Sink.write(
                    response,
                    true,
                    JSON.std.asString(Map.of(
                            "__type", "com.amazon.coral.service#AccessDeniedException", "Message", denial.get())),
                    callback);
            return true;
        }
        return super.handle(new Replayed(request, body), response, callback);
    }

    private Optional<String> denial(Request request, ByteBuffer body) {
        var headers = request.getHeaders();
        String target = headers.get("X-Amz-Target");
        if (target == null) {
            return Optional.empty();
        }
        var bytes = new byte[body.remaining()];
        body.get(bytes);
        try {
            String authorization = headers.get(HttpHeader.AUTHORIZATION);
            return Needs.of(target, JSON.std.mapFrom(bytes)).stream()
                    .flatMap(need -> access.denial(authorization, need.action(), resource(need)).stream())
                    .findFirst();
        } catch (IOException e) {
            // Not JSON: the engine says so better.
            return Optional.empty();
        }
    }

    private String resource(Needs need) {
        return need.on().startsWith("arn:") ? need.on() : access.arn("dynamodb", need.on());
    }

    /** A request whose body has been read, and can be once more. */
    private static final class Replayed extends Request.Wrapper {
        private final Content.Source body;

        Replayed(Request request, ByteBuffer body) {
            super(request);
            this.body = new ByteBufferContentSource(body);
        }

        @Override
        public Content.Chunk read() {
            return body.read();
        }

        @Override
        public void demand(Runnable demandCallback) {
            body.demand(demandCallback);
        }

        @Override
        public void fail(Throwable failure) {
            body.fail(failure);
        }

        @Override
        public long getLength() {
            return body.getLength();
        }
    }
}
