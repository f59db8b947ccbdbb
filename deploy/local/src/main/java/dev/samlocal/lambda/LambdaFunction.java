package dev.samlocal.lambda;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.template.StartException;
import dev.samlocal.template.WebSocketApi.Function;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Lambda function. Its handler is created once and invoked concurrently. */
public final class LambdaFunction implements AutoCloseable {

    /** The result of an invocation. */
    public sealed interface Outcome {}

    /**
     * A Lambda proxy response.
     *
     * @param body empty if there is none
     */
    public record Response(int statusCode, Map<String, String> headers, String body) implements Outcome {}

    /** A failed invocation, with the status that rejects a connection and the message of API Gateway's error frame. */
    public enum Failure implements Outcome {
        /** The handler threw, returned something else, or ran into its function's timeout. */
        INTERNAL(502, "Internal server error"),
        /** The integration's timeout is over. The handler may still be running. */
        TIMED_OUT(504, "Endpoint request timed out");

        public final int status;
        public final String message;

        Failure(int status, String message) {
            this.status = status;
            this.message = message;
        }
    }

    /** Runs the invocations of one function. */
    interface Invoker extends AutoCloseable {

        /** Blocks until the handler has been created. */
        default void awaitReady() {}

        /** Starts an invocation. Cancelling the future interrupts the handler. */
        Future<byte[]> invoke(byte[] event, Duration timeout);

        @Override
        default void close() {}
    }

    private final Function function;
    private final Invoker invoker;
    private final ScheduledExecutorService timers;
    private final Logger log;

    private LambdaFunction(Function function, Invoker invoker, ScheduledExecutorService timers, Logger log) {
        this.function = function;
        this.invoker = invoker;
        this.timers = timers;
        this.log = log;
    }

    /**
     * Creates the function in this process if its class is on the class path of the calling thread, else in a process of its own
     * with the code that the template names.
     *
     * @param additional class path entries for processes of functions
     * @param options further JVM options for processes of functions
     * @throws StartException when the handler cannot be created
     */
    public static LambdaFunction create(
            Function function,
            Map<String, String> environment,
            Path template,
            List<Path> additional,
            Supplier<List<String>> options,
            ScheduledExecutorService timers) {
        var log = LoggerFactory.getLogger(function.name());
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.put("_HANDLER", function.handler());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
        variables.put(InvocationContext.ARN_VARIABLE, function.arn());
        Invoker invoker;
        try {
            var type = Class.forName(
                    Handler.className(function.handler()),
                    true,
                    Thread.currentThread().getContextClassLoader());
            if (!Handler.takesEnvironment(type)) {
                requireVariables(function);
            }
            var handler = Handler.create(function.handler(), type, Optional.of(Map.copyOf(variables)));
            invoker = (event, timeout) -> {
                var context = new InvocationContext(variables, timeout, log::info);
                var invocation = new FutureTask<>(() -> handler.invoke(event, context));
                Thread.ofVirtual()
                        .name("invocation " + context.getAwsRequestId())
                        .start(invocation);
                return invocation;
            };
        } catch (ClassNotFoundException e) {
            var classPath = FunctionCode.classPath(function, template, additional);
            List<String> jvm = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
            jvm.add("-Xmx" + function.memoryMegabytes() + "m");
            jvm.addAll(options.get());
            invoker = new FunctionProcess(jvm, classPath, variables, log);
        } catch (LinkageError e) {
            throw new StartException(function.handler() + " failed to start: " + e, e);
        }
        return new LambdaFunction(function, invoker, timers, log);
    }

    /** A handler in this process can read only the variables of this process. */
    private static void requireVariables(Function function) {
        function.environment().forEach((name, value) -> {
            if (!value.equals(System.getenv(name))) {
                throw new StartException(
                        function.handler() + " is on this process's class path and would not see the variable " + name
                                + ": set it to " + value + ", or move the class to --class-path");
            }
        });
    }

    /** Blocks until the handler has been created. */
    public void awaitReady() {
        try {
            invoker.awaitReady();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StartException problem ? problem : e;
        }
    }

    /**
     * Invokes the function. A function that exceeds its own timeout has failed and is interrupted; one that exceeds only the
     * integration's timeout goes on. If both are equal, the integration's counts, because it started earlier.
     */
    public Outcome invoke(Map<String, Object> event, Duration integrationTimeout) throws InterruptedException {
        boolean ownTimeoutFirst = function.timeout().compareTo(integrationTimeout) < 0;
        var timeout = ownTimeoutFirst ? function.timeout() : integrationTimeout;
        try {
            var invocation = invoker.invoke(JSON.std.asBytes(event), function.timeout());
            try {
                return response(invocation.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                log.warn("{} timed out after {} s", function.name(), timeout.toSeconds());
                if (ownTimeoutFirst) {
                    invocation.cancel(true);
                    return Failure.INTERNAL;
                }
                var unused = timers.schedule(
                        () -> invocation.cancel(true),
                        function.timeout().minus(integrationTimeout).toNanos(),
                        TimeUnit.NANOSECONDS);
                return Failure.TIMED_OUT;
            }
        } catch (ExecutionException | IOException | StartException e) {
            log.warn("{} failed", function.name(), e instanceof ExecutionException ? e.getCause() : e);
            return Failure.INTERNAL;
        }
    }

    private Outcome response(byte[] json) {
        try {
            if (JSON.std.anyFrom(json) instanceof Map<?, ?> response
                    && response.get("statusCode") instanceof Number status
                    && status.intValue() >= 200
                    && status.intValue() < 600) {
                Map<String, String> headers = new LinkedHashMap<>();
                if (response.get("headers") instanceof Map<?, ?> map) {
                    map.forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
                }
                return new Response(
                        status.intValue(), headers, response.get("body") instanceof String body ? body : "");
            }
        } catch (IOException e) {
            // Not JSON, which is logged with the response below.
        }
        log.warn(
                "{} returned no response with a status code: {}",
                function.name(),
                new String(json, StandardCharsets.UTF_8));
        return Failure.INTERNAL;
    }

    @Override
    public void close() {
        invoker.close();
    }
}
