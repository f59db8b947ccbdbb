package dev.chatlab.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import dev.chatlab.local.iam.Authentication;
import dev.chatlab.local.iam.Authentication.Authenticated;
import dev.chatlab.local.iam.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.Handshaker;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/** The way from an HTTP request to a connection: the {@code $connect} route decides, then the socket opens. */
final class Handshake {
    /**
     * Frames up to this size are read whole, so that one over API Gateway's limit can be refused with a close code: the
     * photograph that somebody sends by mistake, too. A larger one is cut off in the middle, and may be reset.
     */
    private static final long MAX_PARSED_FRAME = 16 * 1024 * 1024;

    private static final Set<HttpHeader> HOP_BY_HOP =
            Set.of(HttpHeader.CONNECTION, HttpHeader.UPGRADE, HttpHeader.CONTENT_LENGTH, HttpHeader.KEEP_ALIVE);

    private final Handshaker handshaker = Handshaker.newInstance();
    private final WebSocketComponents components;
    private final Routes routes;
    private final Optional<Doorkeeper> doorkeeper;
    private final Connections connections;
    private final Function<Caller, Connection> newConnection;

    /** @param doorkeeper asks who it is, where {@code $connect} is not open to everyone */
    Handshake(
            WebSocketComponents components,
            Routes routes,
            Optional<Doorkeeper> doorkeeper,
            Connections connections,
            Function<Caller, Connection> newConnection) {
        this.components = components;
        this.routes = routes;
        this.doorkeeper = doorkeeper;
        this.connections = connections;
        this.newConnection = newConnection;
    }

    /** Blocks for as long as {@code $connect} takes. */
    void handle(Request request, Response response, Callback callback) throws InterruptedException {
        var headers = request.getHeaders();
        if (!HttpMethod.GET.is(request.getMethod())
                || !headers.contains(HttpHeader.UPGRADE, "websocket")
                || !headers.contains(HttpHeader.SEC_WEBSOCKET_KEY)
                || !handshaker.isWebSocketUpgradeRequest(request)) {
            response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
            response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_VERSION, "13");
            Replies.json(response, 426, "{\"message\":\"Upgrade Required\"}", callback);
            return;
        }
        Optional<Principal> principal = Optional.empty();
        if (doorkeeper.isPresent()) {
            switch (doorkeeper.get().authenticate(request)) {
                case Authenticated known -> principal = Optional.of(known.principal());
                case Authentication.Refused refused -> {
                    ConnectionsApi.error(response, 403, refused.error(), refused.message(), callback);
                    return;
                }
            }
        }
        var connection = newConnection.apply(
                new Caller(Request.getRemoteAddr(request), headersOr(request, HttpHeader.USER_AGENT, ""), principal));
        switch (routes.connect(connection, event -> describe(request, event))) {
            case Routes.Refused refused -> Replies.json(response, refused.status(), refused.body(), callback);
            case Routes.Accepted accepted -> {
                // Known before the client can be told, so that whatever it does next finds the connection.
                if (!connections.add(connection)) {
                    connection.lost();
                    Replies.json(response, 503, "{\"message\":\"Service Unavailable\"}", callback);
                    return;
                }
                upgrade(accepted, connection, request, response, callback);
            }
        }
    }

    private void upgrade(
            Routes.Accepted accepted, Connection connection, Request request, Response response, Callback callback) {
        var negotiator = new WebSocketNegotiator() {
            @Override
            public FrameHandler negotiate(ServerUpgradeRequest offered, ServerUpgradeResponse answer, Callback unused) {
                answer.setExtensions(List.of());
                accepted.subprotocol().filter(offered::hasSubProtocol).ifPresent(answer::setAcceptedSubProtocol);
                return connection;
            }

            @Override
            public void customize(Configuration configuration) {
                // Idle connections are this gateway's business, and so is the size of frames.
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

    private static void describe(Request request, APIGatewayV2WebSocketEvent event) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (HttpField field : request.getHeaders()) {
            if (field.getHeader() == null || !HOP_BY_HOP.contains(field.getHeader())) {
                headers.computeIfAbsent(field.getName(), name -> new ArrayList<>())
                        .add(field.getValue() == null ? "" : field.getValue());
            }
        }
        // What API Gateway adds: documented for its integrations, and seen in every $connect event.
        headers.put("X-Forwarded-For", new ArrayList<>(List.of(Request.getRemoteAddr(request))));
        headers.put("X-Forwarded-Port", new ArrayList<>(List.of(Integer.toString(Request.getServerPort(request)))));
        headers.put("X-Forwarded-Proto", new ArrayList<>(List.of("http")));
        headers.put("X-Amzn-Trace-Id", new ArrayList<>(List.of(traceId())));
        event.setMultiValueHeaders(headers);
        event.setHeaders(lastOfEach(headers, new TreeMap<>(String.CASE_INSENSITIVE_ORDER)));

        Fields query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        if (!query.isEmpty()) {
            Map<String, List<String>> parameters = new LinkedHashMap<>();
            query.forEach(field -> parameters.put(field.getName(), new ArrayList<>(field.getValues())));
            event.setMultiValueQueryStringParameters(parameters);
            event.setQueryStringParameters(lastOfEach(parameters, new LinkedHashMap<>()));
        }
    }

    private static Map<String, String> lastOfEach(Map<String, List<String>> values, Map<String, String> into) {
        values.forEach((name, list) -> into.put(name, list.getLast()));
        return into;
    }

    private static String traceId() {
        byte[] unique = new byte[12];
        ThreadLocalRandom.current().nextBytes(unique);
        return "Root=1-" + HexFormat.of().toHexDigits((int) (System.currentTimeMillis() / 1000)) + "-"
                + HexFormat.of().formatHex(unique);
    }

    private static String headersOr(Request request, HttpHeader header, String otherwise) {
        var value = request.getHeaders().get(header);
        return value == null ? otherwise : value;
    }
}
