package dev.chatlab.local;

import dev.chatlab.local.iam.AccessControl;
import dev.chatlab.local.iam.Authentication;
import dev.chatlab.local.iam.Authentication.Authenticated;
import dev.chatlab.local.iam.Authentication.Refused;
import dev.chatlab.local.iam.Authenticator;
import dev.chatlab.local.iam.SignedRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/** {@code AWS_IAM} on {@code $connect}: who signs the handshake, and may invoke the route, comes in. */
final class Doorkeeper {
    private static final String INVOKE = "execute-api:Invoke";

    private final Authenticator authenticator;
    private final AccessControl access;
    private final String route;

    /** @param route the ARN of {@code $connect} */
    Doorkeeper(Authenticator authenticator, AccessControl access, String route) {
        this.authenticator = authenticator;
        this.access = access;
        this.route = route;
    }

    Authentication authenticate(Request request) {
        return switch (authenticator.authenticate(signed(request))) {
            case Authenticated known ->
                access.denialTo(known.principal(), INVOKE, route)
                        .<Authentication>map(why -> new Refused("AccessDeniedException", why))
                        .orElse(known);
            case Refused refused -> refused;
        };
    }

    private static SignedRequest signed(Request request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.put(field.getName(), request.getHeaders().getValuesList(field.getName()));
        }
        var uri = request.getHttpURI();
        return new SignedRequest(
                request.getMethod(),
                uri.getPath() == null ? "/" : uri.getPath(),
                uri.getQuery() == null ? "" : uri.getQuery(),
                headers);
    }
}
