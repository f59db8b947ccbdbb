package dev.chatlab.coldstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server of Lambda's Runtime API for one function: hands out events and notes when the function asks and answers.
 *
 * <p>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
final class RuntimeApi implements AutoCloseable {

    private static final String ROOT = "/2018-06-01/runtime";

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private volatile long snapshot;

    /**
     * A function's answer, or the runtime client's error report.
     *
     * @param at when it arrived, by {@link System#nanoTime}
     */
    record Answer(long at, String body) {}

    RuntimeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ROOT, exchange -> {
            try {
                handle(exchange);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** The value of {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    void send(String event) {
        events.add(event);
    }

    /** The next answer, or {@code null} if there is none within the timeout. */
    @Nullable
    Answer answer(Duration timeout) throws InterruptedException {
        return answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** When Lambda would take the snapshot, by {@link System#nanoTime}: the handler is built and its hooks have run. */
    long snapshot() {
        return snapshot;
    }

    private void handle(HttpExchange exchange) throws IOException, InterruptedException {
        long now = System.nanoTime();
        String path = exchange.getRequestURI().getPath().substring(ROOT.length());
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        switch (path) {
            case "/restore/next" -> {
                snapshot = now;
                respond(exchange, 200, "");
            }
            case "/invocation/next" -> {
                String event = events.take();
                var headers = exchange.getResponseHeaders();
                headers.set("Content-Type", "application/json");
                headers.set("Lambda-Runtime-Aws-Request-Id", "request");
                headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 29_000));
                headers.set(
                        "Lambda-Runtime-Invoked-Function-Arn",
                        "arn:aws:lambda:us-east-1:123456789012:function:function:live");
                respond(exchange, 200, event);
            }
            default -> {
                answers.add(new Answer(now, body));
                respond(exchange, 202, "");
            }
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
