package dev.chatlab.coldstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lambda's Runtime API as one execution environment sees it, which has one event to handle; and when it was asked what. */
final class RuntimeApi implements AutoCloseable {

    private static final String ROOT = "/2018-06-01/runtime";

    /** When the snapshot would be taken: the function is made, and its hooks have run. By {@link System#nanoTime}. */
    final CompletableFuture<Long> snapshot = new CompletableFuture<>();

    /** When the event was asked for. */
    final CompletableFuture<Long> ready = new CompletableFuture<>();

    /** When it was answered, and how; fails with what the function reports instead. */
    final CompletableFuture<Answer> answered = new CompletableFuture<>();

    private final HttpServer server;
    private final String event;
    private final AtomicBoolean handedOut = new AtomicBoolean();

    record Answer(long at, String body) {}

    RuntimeApi(String event) throws IOException {
        this.event = event;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ROOT, this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** For {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        String path = exchange.getRequestURI().getPath().substring(ROOT.length());
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (path.equals("/restore/next")) {
            snapshot.complete(now);
            respond(exchange, 200, "");
        } else if (path.equals("/invocation/next")) {
            ready.complete(now);
            if (handedOut.compareAndSet(false, true)) {
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "request-1");
                exchange.getResponseHeaders()
                        .set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 29_000));
                exchange.getResponseHeaders()
                        .set(
                                "Lambda-Runtime-Invoked-Function-Arn",
                                "arn:aws:lambda:us-east-1:123456789012:function:function:live");
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                respond(exchange, 200, event);
            }
            // There is no second event: whoever asks for one waits until it is ended.
        } else if (path.endsWith("/response")) {
            answered.complete(new Answer(now, body));
            respond(exchange, 202, "");
        } else {
            answered.completeExceptionally(new IllegalStateException(path + ": " + body));
            respond(exchange, 202, "");
        }
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
