package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A gateway whose function behaves, for each route, as the test defines. */
final class TestApi implements AutoCloseable {

    /** The behaviour of the function for a route. The default is to return status 200. */
    interface Behaviour {
        @Nullable
        APIGatewayV2WebSocketResponse answer(APIGatewayV2WebSocketEvent event) throws Exception;
    }

    static final long PATIENCE_SECONDS = 30;

    static {
        // Failures that tests cause are not worth logging.
        Logger.getLogger("").setLevel(Level.SEVERE);
    }

    private static final Map<String, TestApi> RUNNING = new ConcurrentHashMap<>();

    private final String name = UUID.randomUUID().toString();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<APIGatewayV2WebSocketEvent>> events = new ConcurrentHashMap<>();
    private final LocalGateway gateway;

    private TestApi(String template, UnaryOperator<GatewayConfig> adapted) {
        RUNNING.put(name, this);
        gateway = LocalGateway.start(
                adapted.apply(GatewayConfig.of(resource(template)).withEnvironment("TEST_API", name)));
    }

    static TestApi of(String template) {
        return new TestApi(template, UnaryOperator.identity());
    }

    static TestApi with(String template, UnaryOperator<GatewayConfig> adapted) {
        return new TestApi(template, adapted);
    }

    static TestApi limited(String template, UnaryOperator<Limits> adapted) {
        return new TestApi(template, config -> config.withLimits(adapted.apply(config.limits())));
    }

    /** A file among the test resources. */
    static Path resource(String file) {
        URL url = TestApi.class.getResource("/" + file);
        if (url == null) {
            throw new AssertionError("there is no resource " + file);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    TestApi on(String routeKey, Behaviour behaviour) {
        behaviours.put(routeKey, behaviour);
        return this;
    }

    /** Waits for the next event of a route. */
    APIGatewayV2WebSocketEvent asked(String routeKey) throws InterruptedException {
        var event = queue(routeKey).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError(routeKey + " was not invoked");
        }
        return event;
    }

    /** Asserts that a route has no further event so far. */
    void assertNeverAsked(String routeKey) {
        assertThat(queue(routeKey)).as("invocations of " + routeKey).isEmpty();
    }

    FrameClient connect() throws Exception {
        return FrameClient.connect(uri());
    }

    URI uri() {
        return URI.create(gateway.socket());
    }

    String endpoint() {
        return gateway.endpoint();
    }

    URI connections(String id) {
        return URI.create(endpoint() + "/test/@connections/" + id.replace("=", "%3D"));
    }

    static APIGatewayV2WebSocketResponse status(int status) {
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(status);
        return response;
    }

    static APIGatewayV2WebSocketResponse body(int status, String body) {
        var response = status(status);
        response.setBody(body);
        return response;
    }

    /** Stops the gateway. When this returns, every {@code $disconnect} handler has run. */
    void stop() {
        gateway.close();
    }

    @Override
    public void close() {
        stop();
        RUNNING.remove(name);
    }

    private BlockingQueue<APIGatewayV2WebSocketEvent> queue(String routeKey) {
        return events.computeIfAbsent(routeKey, key -> new LinkedBlockingQueue<>());
    }

    /** The handler in the templates. */
    public static final class Function
            implements RequestHandler<APIGatewayV2WebSocketEvent, @Nullable APIGatewayV2WebSocketResponse> {
        private final TestApi api;

        /** Finds the test by a variable of its environment. */
        public Function(Map<String, String> environment) {
            var running = RUNNING.get(environment.getOrDefault("TEST_API", ""));
            if (running == null) {
                throw new IllegalStateException("there is no such test");
            }
            api = running;
        }

        @Override
        public @Nullable APIGatewayV2WebSocketResponse handleRequest(
                APIGatewayV2WebSocketEvent event, Context context) {
            String routeKey = event.getRequestContext().getRouteKey();
            api.queue(routeKey).add(event);
            var behaviour = api.behaviours.get(routeKey);
            try {
                return behaviour == null ? status(200) : behaviour.answer(event);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
