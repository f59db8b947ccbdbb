package dev.chatlab.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.local.template.WebSocketApi.Function;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A function whose handler lives in this process: made once, invoked concurrently, each time on a thread of its own. */
final class LambdaFunction {

    /** What became of an invocation. */
    sealed interface Outcome {}

    /** The handler answered with a status code. */
    record Answered(APIGatewayV2WebSocketResponse response) implements Outcome {}

    /** The handler threw, answered with something else, or was still running at its function's timeout. */
    record Failed() implements Outcome {}

    /** API Gateway no longer waits; the handler may still be running. */
    record TimedOut() implements Outcome {}

    private final Function function;
    private final RequestHandler<APIGatewayV2WebSocketEvent, ?> handler;
    private final ScheduledExecutorService timers;
    private final Logger log;

    private LambdaFunction(
            Function function, RequestHandler<APIGatewayV2WebSocketEvent, ?> handler, ScheduledExecutorService timers) {
        this.function = function;
        this.handler = handler;
        this.timers = timers;
        this.log = LoggerFactory.getLogger(function.name());
    }

    /**
     * Makes the function's handler: with its environment where the class has a public constructor for a map, else
     * with the constructor that takes nothing.
     *
     * @throws StartException when there is no such handler, or its constructor throws
     */
    static LambdaFunction create(Function function, Map<String, String> environment, ScheduledExecutorService timers) {
        String[] parts = function.handler().split("::", 2);
        Class<?> type = load(function, parts[0]);
        if (parts.length == 2 && !parts[1].equals("handleRequest")) {
            throw problem(function, "the method of a RequestHandler is handleRequest, not " + parts[1]);
        }
        if (!RequestHandler.class.isAssignableFrom(type) || !takesEvents(type)) {
            throw problem(
                    function,
                    parts[0] + " is not a RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse>");
        }
        @SuppressWarnings("unchecked") // takesEvents has seen to it, as far as erasure lets it
        var handler = (RequestHandler<APIGatewayV2WebSocketEvent, ?>) instance(function, type, environment);
        return new LambdaFunction(function, handler, timers);
    }

    private static Class<?> load(Function function, String name) {
        try {
            return Class.forName(name, true, loader());
        } catch (ClassNotFoundException e) {
            throw problem(function, "there is no class " + name + " on the class path");
        } catch (LinkageError e) {
            throw failure(function, e instanceof ExceptionInInitializerError ? cause(e) : e);
        }
    }

    private static ClassLoader loader() {
        var context = Thread.currentThread().getContextClassLoader();
        return context == null ? LambdaFunction.class.getClassLoader() : context;
    }

    /** Only the bridge method tells what the type parameters were: a handler for strings has one that takes no event. */
    private static boolean takesEvents(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("handleRequest") && method.getParameterCount() == 2)
                .filter(method -> !method.isBridge())
                .map(Method::getParameterTypes)
                .anyMatch(parameters -> parameters[0].isAssignableFrom(APIGatewayV2WebSocketEvent.class));
    }

    private static Object instance(Function function, Class<?> type, Map<String, String> environment) {
        try {
            Constructor<?> withEnvironment = constructor(type, Map.class);
            if (withEnvironment != null) {
                return withEnvironment.newInstance(environment);
            }
            Constructor<?> plain = constructor(type);
            if (plain != null) {
                return plain.newInstance();
            }
        } catch (InvocationTargetException e) {
            throw failure(function, cause(e));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw failure(function, e instanceof ExceptionInInitializerError ? cause(e) : e);
        }
        throw problem(function, type.getName() + " has no public constructor, neither for nothing nor for a map");
    }

    private static @Nullable Constructor<?> constructor(Class<?> type, Class<?>... parameters) {
        try {
            return type.getConstructor(parameters);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static Throwable cause(Throwable wrapper) {
        var cause = wrapper.getCause();
        return cause == null ? wrapper : cause;
    }

    private static StartException problem(Function function, String problem) {
        return new StartException(function.logicalId() + ".Handler: " + problem);
    }

    private static StartException failure(Function function, Throwable cause) {
        return new StartException(
                function.logicalId() + ": " + function.handler() + " failed to start: " + cause, cause);
    }

    /**
     * One invocation. A function over its own timeout has failed, and is interrupted; one that is merely over the
     * integration's goes on. At a tie it is the integration's: it has been waiting for longer.
     */
    Outcome invoke(APIGatewayV2WebSocketEvent event, Duration integrationTimeout) throws InterruptedException {
        var context = new InvocationContext(function, log);
        var invocation = new FutureTask<Object>(() -> handler.handleRequest(event, context));
        Thread.ofVirtual()
                .name(function.name() + " " + context.getAwsRequestId())
                .start(invocation);
        boolean ownTimeoutFirst = function.timeout().compareTo(integrationTimeout) < 0;
        var patience = ownTimeoutFirst ? function.timeout() : integrationTimeout;
        try {
            return outcome(invocation.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            log.warn("{} failed", function.name(), cause(e));
            return new Failed();
        } catch (TimeoutException e) {
            if (ownTimeoutFirst) {
                invocation.cancel(true);
                log.warn(
                        "{} timed out after {} s",
                        function.name(),
                        function.timeout().toSeconds());
                return new Failed();
            }
            var unused = timers.schedule(
                    () -> invocation.cancel(true),
                    function.timeout().minus(integrationTimeout).toNanos(),
                    TimeUnit.NANOSECONDS);
            log.warn("{} did not answer within {} s", function.name(), integrationTimeout.toSeconds());
            return new TimedOut();
        }
    }

    private Outcome outcome(@Nullable Object answer) {
        if (answer instanceof APIGatewayV2WebSocketResponse response
                && response.getStatusCode() >= 200
                && response.getStatusCode() < 600) {
            return new Answered(response);
        }
        log.warn("{} answered without a status code: {}", function.name(), answer);
        return new Failed();
    }
}
