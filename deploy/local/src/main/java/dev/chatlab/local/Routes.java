package dev.chatlab.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.local.RouteRequest.EventType;
import dev.chatlab.local.template.WebSocketApi;
import dev.chatlab.local.template.WebSocketApi.LambdaProxy;
import dev.chatlab.local.template.WebSocketApi.Mock;
import dev.chatlab.local.template.WebSocketApi.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what connections do to the routes of the API, and the integrations' answers back. */
final class Routes implements Connection.Listener {

    /** Whether a connection may come to be. */
    sealed interface Admission {}

    record Accepted(Optional<String> subprotocol) implements Admission {}

    record Refused(int status, String body) implements Admission {}

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    /** Whether a client can select these by name is not documented; here it cannot. */
    private static final Set<String> RESERVED =
            Set.of(WebSocketApi.CONNECT, WebSocketApi.DISCONNECT, WebSocketApi.DEFAULT);

    private static final String INTERNAL_SERVER_ERROR = "Internal server error";
    private static final String TIMED_OUT = "Endpoint request timed out";
    private static final String FORBIDDEN = "Forbidden";

    private final WebSocketApi api;
    private final String domainName;
    private final int maxMessageBytes;
    private final Map<WebSocketApi.Function, LambdaFunction> functions;

    /** Held by who waits for a function; whoever holds all of it knows that nobody does. */
    private final Semaphore invocations = new Semaphore(Integer.MAX_VALUE, true);

    Routes(
            WebSocketApi api,
            String domainName,
            int maxMessageBytes,
            Map<WebSocketApi.Function, LambdaFunction> functions) {
        this.api = api;
        this.domainName = domainName;
        this.maxMessageBytes = maxMessageBytes;
        this.functions = Map.copyOf(functions);
    }

    /**
     * Asks the {@code $connect} route, if there is one. An answer other than 2xx refuses with that status. A handler
     * that fails refuses with 502 (aws-lambda-graphql issue 107 shows a client that meets it), one that is not done in
     * time with 504.
     *
     * @param handshake adds the headers and the query to the event, which only this one has
     */
    Admission connect(Connection connection, Consumer<APIGatewayV2WebSocketEvent> handshake)
            throws InterruptedException {
        var route = api.routes().get(WebSocketApi.CONNECT);
        if (route == null) {
            return new Accepted(Optional.empty());
        }
        var request = request(connection, WebSocketApi.CONNECT, EventType.CONNECT);
        return switch (route.integration()) {
            case Mock mock -> admission(mock.statusCode(), Map.of());
            case LambdaProxy proxy -> {
                var event = request.event();
                handshake.accept(event);
                yield switch (invoke(proxy, event)) {
                    case LambdaFunction.Answered answered ->
                        admission(
                                answered.response().getStatusCode(),
                                answered.response().getHeaders());
                    case LambdaFunction.Failed ignored -> new Refused(502, request.failure(INTERNAL_SERVER_ERROR));
                    case LambdaFunction.TimedOut ignored -> new Refused(504, request.failure(TIMED_OUT));
                };
            }
        };
    }

    /** The handler names the subprotocol in its answer's header, as the developer guide says. */
    private static Admission admission(int status, @Nullable Map<String, String> headers) {
        if (status < 200 || status > 299) {
            return new Refused(status, "");
        }
        return new Accepted(
                headers == null
                        ? Optional.empty()
                        : headers.entrySet().stream()
                                .filter(header -> "Sec-WebSocket-Protocol".equalsIgnoreCase(header.getKey()))
                                .map(Map.Entry::getValue)
                                .findFirst());
    }

    @Override
    public void message(Connection connection, String text, Runnable done) {
        Thread.ofVirtual().name("message of " + connection.id()).start(() -> {
            try {
                answer(connection, text);
            } catch (InterruptedException e) {
                LOG.debug("a message of {} was given up", connection.id());
            } catch (RuntimeException e) {
                LOG.warn("a message of {} failed", connection.id(), e);
            } finally {
                done.run();
            }
        });
    }

    private void answer(Connection connection, String text) throws InterruptedException {
        String selected = routeKey(text);
        var route = api.routes().get(RESERVED.contains(selected) ? WebSocketApi.DEFAULT : selected);
        if (route == null) {
            route = api.routes().get(WebSocketApi.DEFAULT);
        }
        if (route == null) {
            reply(
                    connection,
                    request(connection, WebSocketApi.DEFAULT, EventType.MESSAGE).failure(FORBIDDEN));
            return;
        }
        var request = request(connection, route.key(), EventType.MESSAGE);
        var answer = answer(route, request, text);
        if (answer.isPresent()) {
            reply(connection, answer.get());
        }
    }

    /** What is not JSON, or has no such field, selects {@code $default}. */
    private String routeKey(String text) {
        try {
            return api.routeSelection().select(JSON.std.anyFrom(text)).orElse(WebSocketApi.DEFAULT);
        } catch (IOException e) {
            return WebSocketApi.DEFAULT;
        }
    }

    /**
     * What goes to the caller, if anything does. A body is the answer whatever the status code beside it: a client of
     * API Gateway sees the body of a 500 as a message like any other (yai333's chat sample, issue 2). A failure is told
     * also where the route has no response.
     */
    private Optional<String> answer(Route route, RouteRequest request, String text) throws InterruptedException {
        return switch (route.integration()) {
            case Mock mock ->
                mock.response()
                        .map(template -> template.render(request.context()))
                        .filter(body -> route.responds() && !body.isEmpty());
            case LambdaProxy proxy -> {
                var event = request.event();
                event.setBody(text);
                yield switch (invoke(proxy, event)) {
                    case LambdaFunction.Answered answered when route.responds() -> body(answered.response(), request);
                    case LambdaFunction.Answered ignored -> Optional.empty();
                    case LambdaFunction.Failed ignored -> Optional.of(request.failure(INTERNAL_SERVER_ERROR));
                    case LambdaFunction.TimedOut ignored -> Optional.of(request.failure(TIMED_OUT));
                };
            }
        };
    }

    /** No frame is made of an empty body; one larger than any message can be is a failed integration. */
    private Optional<String> body(APIGatewayV2WebSocketResponse response, RouteRequest request) {
        return Optional.ofNullable(response.getBody())
                .filter(body -> !body.isEmpty())
                .map(body -> body.getBytes(StandardCharsets.UTF_8).length > maxMessageBytes
                        ? request.failure(INTERNAL_SERVER_ERROR)
                        : body);
    }

    private static void reply(Connection connection, String text) throws InterruptedException {
        connection.reply(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void gone(Connection connection) {
        var route = api.routes().get(WebSocketApi.DISCONNECT);
        if (route == null || !(route.integration() instanceof LambdaProxy proxy)) {
            connection.finished().complete(null);
            return;
        }
        Thread.ofVirtual().name("$disconnect of " + connection.id()).start(() -> {
            try {
                invoke(
                        proxy,
                        request(connection, WebSocketApi.DISCONNECT, EventType.DISCONNECT)
                                .event());
            } catch (InterruptedException e) {
                LOG.debug("$disconnect of {} was given up", connection.id());
            } finally {
                connection.finished().complete(null);
            }
        });
    }

    private RouteRequest request(Connection connection, String routeKey, EventType eventType) {
        return RouteRequest.of(api, domainName, connection, routeKey, eventType);
    }

    private LambdaFunction.Outcome invoke(LambdaProxy proxy, APIGatewayV2WebSocketEvent event)
            throws InterruptedException {
        var function = functions.get(proxy.function());
        if (function == null) {
            throw new IllegalStateException(
                    "no handler was made for " + proxy.function().logicalId());
        }
        invocations.acquire();
        try {
            return function.invoke(event, proxy.timeout());
        } finally {
            invocations.release();
        }
    }

    /** Waits for the functions that are being waited for, but no longer than this, and invokes none any more. */
    void end(Duration atMost) {
        try {
            if (!invocations.tryAcquire(Integer.MAX_VALUE, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("functions are still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
