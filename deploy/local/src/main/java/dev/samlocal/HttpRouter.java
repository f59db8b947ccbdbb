package dev.samlocal;

import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

/** Routes each HTTP request to the socket, {@code @connections}, the identity pools or the static files. May block. */
final class HttpRouter extends Handler.Abstract {
    private final String stage;
    private final Handshake handshake;
    private final ConnectionsApi connectionsApi;
    private final IdentityPoolsApi identityPools;
    private final Optional<StaticFiles> files;

    HttpRouter(
            String stage,
            Handshake handshake,
            ConnectionsApi connectionsApi,
            IdentityPoolsApi identityPools,
            Optional<StaticFiles> files) {
        this.stage = stage;
        this.handshake = handshake;
        this.connectionsApi = connectionsApi;
        this.identityPools = identityPools;
        this.files = files;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // Split before it is decoded, because an encoded slash is part of its segment.
        String[] segments = request.getHttpURI().getPath().split("/", 4);
        String first = segments.length > 1 ? URIUtil.decodePath(segments[1]) : "";
        boolean single = segments.length == 2 || (segments.length == 3 && segments[2].isEmpty());
        if (single && first.equals(stage)) {
            handshake.handle(request, response, callback);
        } else if (segments.length > 2 && URIUtil.decodePath(segments[2]).equals("@connections")) {
            if (first.equals(stage)) {
                String id = segments.length == 4 ? URIUtil.decodePath(segments[3]) : "";
                connectionsApi.handle(id, request, response, callback);
            } else {
                ConnectionsApi.forbidden(response, callback);
            }
        } else if (single && first.isEmpty() && identityPools.accepts(request)) {
            identityPools.handle(request, response, callback);
        } else if (files.isEmpty() || !files.get().handle(request, response, callback)) {
            Replies.plain(response, 404, "Not found\n", callback);
        }
        return true;
    }
}
