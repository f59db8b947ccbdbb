package dev.samlocal;

import dev.samlocal.iam.AccessControl;
import dev.samlocal.iam.AuthenticationException;
import dev.samlocal.iam.Authenticator;
import dev.samlocal.iam.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

/** {@code AWS_IAM} on {@code $connect}: admits principals that signed the handshake and may invoke the route. */
final class HandshakeAuthorizer {
    private final Authenticator authenticator;
    private final AccessControl access;
    private final String routeArn;

    HandshakeAuthorizer(Authenticator authenticator, AccessControl access, String routeArn) {
        this.authenticator = authenticator;
        this.access = access;
        this.routeArn = routeArn;
    }

    /** Returns the principal; if there is none, responds to the request. */
    Optional<Principal> authorize(Request request, Response response, Callback callback) {
        try {
            var principal = authenticator.authenticate(sdkRequest(request));
            var denial = access.denialOf(principal, "execute-api:Invoke", routeArn);
            if (denial.isEmpty()) {
                return Optional.of(principal);
            }
            Replies.error(response, 403, "AccessDeniedException", denial.get(), callback);
        } catch (AuthenticationException e) {
            Replies.error(response, 403, e.error(), String.valueOf(e.getMessage()), callback);
        }
        return Optional.empty();
    }

    private static SdkHttpFullRequest sdkRequest(Request request) {
        var path = request.getHttpURI().getPath();
        var converted = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.fromValue(request.getMethod()))
                .protocol("http")
                .host("localhost")
                .encodedPath(path == null ? "/" : path);
        Request.extractQueryParameters(request, StandardCharsets.UTF_8)
                .forEach(field -> converted.putRawQueryParameter(field.getName(), field.getValues()));
        for (HttpField field : request.getHeaders()) {
            converted.putHeader(field.getName(), request.getHeaders().getValuesList(field.getName()));
        }
        return converted.build();
    }
}
