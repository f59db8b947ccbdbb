package dev.samlocal;

import dev.samlocal.iam.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.Handshaker;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/** Turns an HTTP request into a connection: authorizes it, invokes {@code $connect}, and opens the socket. */
final class Handshake {
    /**
     * Frames up to this size are read whole, so that a client that sends one over API Gateway's limit receives the close code.
     * A larger one is cut off while the client is sending.
     */
    private static final long MAX_PARSED_FRAME = 16 * 1024 * 1024;

    private final Handshaker handshaker = Handshaker.newInstance();
    private final WebSocketComponents components;
    private final Routes routes;
    private final Optional<HandshakeAuthorizer> authorizer;
    private final Connections connections;
    private final Function<Caller, Connection> newConnection;

    /** @param authorizer present where {@code $connect} requires a signature */
    Handshake(
            WebSocketComponents components,
            Routes routes,
            Optional<HandshakeAuthorizer> authorizer,
            Connections connections,
            Function<Caller, Connection> newConnection) {
        this.components = components;
        this.routes = routes;
        this.authorizer = authorizer;
        this.connections = connections;
        this.newConnection = newConnection;
    }

    /** Blocks while the {@code $connect} handler runs. */
    void handle(Request request, Response response, Callback callback) throws InterruptedException {
        var headers = request.getHeaders();
        if (!HttpMethod.GET.is(request.getMethod())
                || !headers.contains(HttpHeader.UPGRADE, "websocket")
                || !headers.contains(HttpHeader.SEC_WEBSOCKET_KEY)
                || !handshaker.isWebSocketUpgradeRequest(request)) {
            Replies.json(response, 426, "{\"message\":\"Upgrade Required\"}", callback);
            return;
        }
        Optional<Principal> principal = Optional.empty();
        if (authorizer.isPresent()) {
            principal = authorizer.get().authorize(request, response, callback);
            if (principal.isEmpty()) {
                return;
            }
        }
        var userAgent = Optional.ofNullable(headers.get(HttpHeader.USER_AGENT)).orElse("");
        var connection = newConnection.apply(new Caller(Request.getRemoteAddr(request), userAgent, principal));
        var decision = routes.connect(connection, headersAndQuery(request));
        if (decision.statusCode() > 299) {
            Replies.json(response, decision.statusCode(), decision.body(), callback);
        } else if (connections.add(connection)) {
            // Registered before the client learns of it, so that its next request finds the connection.
            upgrade(decision.headers(), connection, request, response, callback);
        } else {
            connection.lost();
            Replies.json(response, 503, "{\"message\":\"Service Unavailable\"}", callback);
        }
    }

    private void upgrade(
            Map<String, String> headers, Connection connection, Request request, Response response, Callback callback) {
        var negotiator = new WebSocketNegotiator() {
            @Override
            public FrameHandler negotiate(ServerUpgradeRequest offered, ServerUpgradeResponse answer, Callback unused) {
                answer.setExtensions(List.of());
                // The handler chooses the subprotocol in a header of its response, as the developer guide describes.
                headers.forEach((name, value) -> {
                    if (name.equalsIgnoreCase("Sec-WebSocket-Protocol") && offered.hasSubProtocol(value)) {
                        answer.setAcceptedSubProtocol(value);
                    }
                });
                return connection;
            }

            @Override
            public void customize(Configuration configuration) {
                // The connection enforces both limits itself.
                configuration.setIdleTimeout(Duration.ZERO);
                configuration.setAutoFragment(false);
                configuration.setMaxFrameSize(MAX_PARSED_FRAME);
            }
        };
        var failing = Callback.from(callback::succeeded, failure -> {
            connection.lost();
            callback.failed(failure);
        });
        try {
            if (!handshaker.upgradeRequest(negotiator, request, response, failing, components, null)) {
                connection.lost();
                Replies.json(response, 400, "{\"message\":\"Bad Request\"}", callback);
            }
        } catch (RuntimeException e) {
            connection.lost();
            Response.writeError(request, response, callback, 400);
        }
    }

    /** The fields of an event that describe the handshake. */
    private static Map<String, Object> headersAndQuery(Request request) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.getHeaders()
                .forEach(field -> headers.computeIfAbsent(field.getName(), name -> new ArrayList<>())
                        .add(Objects.requireNonNullElse(field.getValue(), "")));
        // API Gateway adds these to every $connect event.
        headers.put("X-Forwarded-For", List.of(Request.getRemoteAddr(request)));
        headers.put("X-Forwarded-Proto", List.of("http"));
        Map<String, List<String>> query = new LinkedHashMap<>();
        Request.extractQueryParameters(request, StandardCharsets.UTF_8)
                .forEach(field -> query.put(field.getName(), field.getValues()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("multiValueHeaders", headers);
        fields.put("headers", lastOfEach(headers));
        if (!query.isEmpty()) {
            fields.put("multiValueQueryStringParameters", query);
            fields.put("queryStringParameters", lastOfEach(query));
        }
        return fields;
    }

    private static Map<String, String> lastOfEach(Map<String, List<String>> values) {
        Map<String, String> last = new LinkedHashMap<>();
        values.forEach((name, list) -> last.put(name, list.getLast()));
        return last;
    }
}
