package dev.samlocal;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.lambda.LambdaFunction;
import dev.samlocal.lambda.LambdaFunction.Failure;
import dev.samlocal.template.WebSocketApi;
import dev.samlocal.template.WebSocketApi.LambdaProxy;
import dev.samlocal.template.WebSocketApi.Mock;
import dev.samlocal.template.WebSocketApi.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes what happens on connections to the routes' integrations, and their responses back. */
final class Routes implements Connection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    /** API Gateway does not document whether a client can select these by name. Here it cannot. */
    private static final Set<String> RESERVED =
            Set.of(WebSocketApi.CONNECT, WebSocketApi.DISCONNECT, WebSocketApi.DEFAULT);

    private final WebSocketApi api;
    private final String domainName;
    private final int maxMessageBytes;
    private final Map<String, LambdaFunction> functions;

    /** Each invocation holds one permit. Holding every permit means that no invocation is in progress. */
    private final Semaphore invocations = new Semaphore(Integer.MAX_VALUE, true);

    /** @param functions by logical id */
    Routes(WebSocketApi api, String domainName, int maxMessageBytes, Map<String, LambdaFunction> functions) {
        this.api = api;
        this.domainName = domainName;
        this.maxMessageBytes = maxMessageBytes;
        this.functions = functions;
    }

    /**
     * Invokes the {@code $connect} route, if there is one, and returns its response: a status other than 2xx rejects the
     * connection. A handler that fails rejects it with 502 (aws-lambda-graphql issue 107), one that exceeds the timeout with 504.
     *
     * @param handshake the headers and the query, which only this event has
     */
    LambdaFunction.Response connect(Connection connection, Map<String, Object> handshake) throws InterruptedException {
        var route = api.routes().get(WebSocketApi.CONNECT);
        if (route == null) {
            return new LambdaFunction.Response(200, Map.of(), "");
        }
        var request = request(connection, WebSocketApi.CONNECT, "CONNECT");
        return switch (route.integration()) {
            case Mock mock -> new LambdaFunction.Response(mock.statusCode(), Map.of(), "");
            case LambdaProxy proxy -> {
                var event = request.event();
                event.putAll(handshake);
                yield switch (invoke(proxy, event)) {
                    // A handler's body is not sent.
                    case LambdaFunction.Response response ->
                        new LambdaFunction.Response(response.statusCode(), response.headers(), "");
                    case Failure failure ->
                        new LambdaFunction.Response(failure.status, Map.of(), request.errorFrame(failure.message));
                };
            }
        };
    }

    @Override
    public void message(Connection connection, String text, Runnable done) {
        Thread.ofVirtual().name("message of " + connection.id()).start(() -> {
            try {
                var response = handle(connection, text);
                if (response.isPresent()) {
                    connection.reply(response.get().getBytes(StandardCharsets.UTF_8));
                }
            } catch (InterruptedException e) {
                LOG.debug("a message of {} was interrupted", connection.id());
            } catch (RuntimeException e) {
                LOG.warn("a message of {} failed", connection.id(), e);
            } finally {
                done.run();
            }
        });
    }

    private Optional<String> handle(Connection connection, String text) throws InterruptedException {
        String selected = routeKey(text);
        var route = Optional.ofNullable(api.routes().get(RESERVED.contains(selected) ? WebSocketApi.DEFAULT : selected))
                .or(() -> Optional.ofNullable(api.routes().get(WebSocketApi.DEFAULT)));
        return route.isPresent()
                ? handle(route.get(), request(connection, route.get().key(), "MESSAGE"), text)
                : Optional.of(
                        request(connection, WebSocketApi.DEFAULT, "MESSAGE").errorFrame("Forbidden"));
    }

    /** A message that is not JSON or has no such field selects {@code $default}. */
    private String routeKey(String text) {
        try {
            return api.routeSelection().select(JSON.std.anyFrom(text)).orElse(WebSocketApi.DEFAULT);
        } catch (IOException e) {
            return WebSocketApi.DEFAULT;
        }
    }

    /**
     * Returns the frame for the client, if any. A body is sent whatever its status code: a client of API Gateway receives the body
     * of a 500 as a message (yai333's chat sample, issue 2). An error frame is sent even if the route has no response.
     */
    private Optional<String> handle(Route route, RouteRequest request, String text) throws InterruptedException {
        return switch (route.integration()) {
            case Mock mock ->
                mock.response()
                        .map(template -> template.render(request.context()))
                        .filter(body -> route.responds() && !body.isEmpty());
            case LambdaProxy proxy -> {
                var event = request.event();
                event.put("body", text);
                yield switch (invoke(proxy, event)) {
                    case Failure failure -> Optional.of(request.errorFrame(failure.message));
                    case LambdaFunction.Response response ->
                        Optional.of(response.body())
                                .filter(body -> route.responds() && !body.isEmpty())
                                .map(body -> body.getBytes(StandardCharsets.UTF_8).length > maxMessageBytes
                                        ? request.errorFrame(Failure.INTERNAL.message)
                                        : body);
                };
            }
        };
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
                var request = request(connection, WebSocketApi.DISCONNECT, "DISCONNECT");
                invoke(proxy, request.event());
            } catch (InterruptedException e) {
                LOG.debug("$disconnect of {} was interrupted", connection.id());
            } finally {
                connection.finished().complete(null);
            }
        });
    }

    private RouteRequest request(Connection connection, String routeKey, String eventType) {
        return RouteRequest.of(api, domainName, connection, routeKey, eventType);
    }

    private LambdaFunction.Outcome invoke(LambdaProxy proxy, Map<String, Object> event) throws InterruptedException {
        var function = Objects.requireNonNull(functions.get(proxy.function().logicalId()));
        invocations.acquire();
        try {
            return function.invoke(event, proxy.timeout());
        } finally {
            invocations.release();
        }
    }

    /** Waits for the invocations in progress, at most for this time, and starts no others. */
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
