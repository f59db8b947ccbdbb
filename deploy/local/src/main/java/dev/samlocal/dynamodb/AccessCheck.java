package dev.samlocal.dynamodb;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.iam.AccessControl;
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
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Passes requests to DynamoDB Local that the signer's role permits, and denies the others as DynamoDB does. */
final class AccessCheck extends Handler.Wrapper {
    private final AccessControl access;

    AccessCheck(Handler engine, AccessControl access) {
        super(engine);
        this.access = access;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ByteBuffer body = Content.Source.asByteBuffer(request);
        var denial = denial(request, BufferUtil.toArray(body));
        if (denial.isEmpty()) {
            return super.handle(new BufferedRequest(request, body), response, callback);
        }
        response.setStatus(400);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-amz-json-1.0");
        var error = Map.of("__type", "com.amazon.coral.service#AccessDeniedException", "Message", denial.get());
        Content.Sink.write(response, true, JSON.std.asString(error), callback);
        return true;
    }

    private Optional<String> denial(Request request, byte[] body) {
        var headers = request.getHeaders();
        String target = headers.get("X-Amz-Target");
        if (target == null) {
            return Optional.empty();
        }
        try {
            return RequiredPermissions.of(target, JSON.std.mapFrom(body)).stream()
                    .flatMap(required -> access
                            .denial(headers.get(HttpHeader.AUTHORIZATION), required.action(), arn(required.resource()))
                            .stream())
                    .findFirst();
        } catch (IOException e) {
            // Not JSON: DynamoDB Local responds with the error.
            return Optional.empty();
        }
    }

    private String arn(String resource) {
        return resource.startsWith("arn:") ? resource : access.arn("dynamodb", resource);
    }

    /** A request whose body has been read already. */
    private static final class BufferedRequest extends Request.Wrapper {
        private final Content.Source body;

        BufferedRequest(Request request, ByteBuffer body) {
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
    }
}
