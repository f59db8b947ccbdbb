package dev.chatlab.local;

import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every HTTP request, each on a virtual thread: to the socket, to {@code @connections}, to the identity pools, or to the static
 * files.
 */
final class FrontDoor extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final String CONNECTIONS = "@connections";

    private final String stage;
    private final Handshake handshake;
    private final ConnectionsApi connectionsApi;
    private final IdentityPoolsApi identityPools;
    private final Optional<StaticFiles> files;

    FrontDoor(
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
    public boolean handle(Request request, Response response, Callback callback) {
        Thread.ofVirtual().name("http").start(() -> {
            try {
                dispatch(request, response, callback);
            } catch (Exception e) {
                LOG.debug("{} {} failed", request.getMethod(), request.getHttpURI(), e);
                callback.failed(e);
            }
        });
        return true;
    }

    private void dispatch(Request request, Response response, Callback callback) throws Exception {
        // Split before it is decoded: an encoded slash belongs to its segment. An id ends in %3D.
        var raw = request.getHttpURI().getPath();
        String[] segments = (raw == null ? "/" : raw).split("/", 4);
        String first = segments.length > 1 ? URIUtil.decodePath(segments[1]) : "";
        boolean bare = segments.length == 2 || (segments.length == 3 && segments[2].isEmpty());
        if (bare && first.equals(stage)) {
            handshake.handle(request, response, callback);
        } else if (segments.length > 2 && URIUtil.decodePath(segments[2]).equals(CONNECTIONS)) {
            if (first.equals(stage)) {
                connectionsApi.handle(
                        segments.length == 4 ? URIUtil.decodePath(segments[3]) : "", request, response, callback);
            } else {
                ConnectionsApi.forbidden(response, callback);
            }
        } else if (bare && first.isEmpty() && identityPools.isAsked(request)) {
            identityPools.handle(request, response, callback);
        } else if (files.isPresent()) {
            files.get().handle(URIUtil.decodePath(raw == null ? "/" : raw), request, response, callback);
        } else {
            Replies.plain(response, 404, "Not found\n", callback);
        }
    }
}
