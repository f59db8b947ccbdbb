package dev.chatlab.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.samlocal.GatewayConfig;
import dev.samlocal.LocalGateway;
import dev.samlocal.dynamodb.DynamoDb;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A function of the package in Lambda's own runtime client, with SnapStart, from the start of its process to its first answer. */
class SnapshotTest {

    private static final Pattern REQUEST = Pattern.compile("Sending Request: ");

    /** The jars in Lambda's {@code /var/runtime/lib}. */
    private static final Pattern RUNTIME =
            Pattern.compile("(aws-lambda-java-(core|runtime-interface-client|serialization)|utils-lite)-[\\d.]+\\.jar");

    @ParameterizedTest
    @CsvSource({
        // The session: the role of this function may read no other table.
        "$connect, CONNECT, 1, ack",
        // The session, and a room's head and roster. The sender is not connected.
        "dispatch, MESSAGE, 3, not-connected",
        "$disconnect, DISCONNECT, 3, ack"
    })
    void functionReadsItsTablesBeforeTheSnapshotAndHandlesAnEventAfterIt(
            String route, String eventType, int reads, String answer, @TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        // The event class has no field for the disconnect code, and must not fail on it.
        String event = """
                {"requestContext":{"routeKey":"%s","eventType":"%s","stage":"dev","apiId":"api","requestId":"1",\
                "requestTimeEpoch":%d,"connectionId":"ann","disconnectStatusCode":1005},"body":"{\\"action\\":\\"dispatch\\",\\"value\\":\\"hello\\"}"}""".formatted(route, eventType, System.currentTimeMillis());
        try (var gateway = LocalGateway.start(
                        GatewayConfig.of(LocalChat.TEMPLATE).withDynamoDb(new DynamoDb.InProcess(Optional.empty())));
                var api = new RuntimeApi(event, log)) {
            Map<String, String> environment =
                    Deployed.environment(gateway.dynamoDb().orElseThrow().toString());
            environment.put("AWS_LAMBDA_RUNTIME_API", api.address());
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
            environment.put("AWS_LAMBDA_LOG_LEVEL", "DEBUG");
            environment.put("AWS_LAMBDA_FUNCTION_NAME", "function");
            environment.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
            environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
            environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "group");
            environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "stream");
            environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
            Process function = function(
                    Objects.requireNonNull(Deployed.functions().get(route)).handler(), environment, folder, log);
            try {
                CompletableFuture.anyOf(api.answered, function.onExit()).get(60, TimeUnit.SECONDS);

                assertThat(api.answered).as(Files.readString(log)).isDone();
                assertThat(api.answered.get()).contains(answer);
                // The SDK logs a line for each request.
                assertThat(REQUEST.matcher(api.logAtSnapshot.get()).results()).hasSize(reads);
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
    }

    private static Process function(String handler, Map<String, String> environment, Path task, Path log)
            throws IOException {
        Path libraries = Files.createDirectory(task.resolve("lib"));
        Files.copy(PackageLoader.PACKAGE, libraries.resolve(PackageLoader.PACKAGE.getFileName()));
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                        "-classpath",
                        runtime(),
                        "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                        handler)
                .directory(task.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("LAMBDA_TASK_ROOT", task.toString());
        return builder.start();
    }

    private static String runtime() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry ->
                        RUNTIME.matcher(Path.of(entry).getFileName().toString()).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A server of Lambda's Runtime API that delivers one event. */
    private static final class RuntimeApi implements AutoCloseable {

        private final CompletableFuture<String> logAtSnapshot = new CompletableFuture<>();
        private final CompletableFuture<String> answered = new CompletableFuture<>();
        private final HttpServer server;
        private final String event;
        private final Path log;

        private RuntimeApi(String event, Path log) throws IOException {
            this.event = event;
            this.log = log;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/2018-06-01/runtime/", this::handle);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        }

        private String address() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        private void handle(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (path.endsWith("/restore/next")) {
                logAtSnapshot.complete(Files.readString(log));
                exchange.sendResponseHeaders(200, -1);
            } else if (path.endsWith("/invocation/next")) {
                if (answered.isDone()) {
                    return;
                }
                byte[] bytes = event.getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "1");
                exchange.getResponseHeaders()
                        .set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 29_000));
                exchange.getResponseHeaders()
                        .set(
                                "Lambda-Runtime-Invoked-Function-Arn",
                                "arn:aws:lambda:us-east-1:123456789012:function:function:live");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            } else {
                // The answer, or the error that the runtime client reports.
                answered.complete(body);
                exchange.sendResponseHeaders(202, -1);
            }
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
