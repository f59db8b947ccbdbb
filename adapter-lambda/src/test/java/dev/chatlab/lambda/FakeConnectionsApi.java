package dev.chatlab.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server in place of the {@code @connections} API: records the posts and their TCP connections, and sends prepared responses. */
final class FakeConnectionsApi implements AutoCloseable {

    /** The response to a post. */
    record Response(int status, String errorType) {
        static final Response OK = new Response(200, "");
        static final Response GONE = new Response(410, "GoneException");
        static final Response THROTTLED = new Response(429, "LimitExceededException");
        static final Response SERVER_ERROR = new Response(500, "InternalServerErrorException");
    }

    /** A received post. The path is in its encoded form. */
    record Post(String method, String path, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Post> posts = new ConcurrentLinkedQueue<>();
    private final Queue<Response> nextResponses = new ConcurrentLinkedQueue<>();
    private volatile Response lastResponse = Response.OK;

    /** The client's address of each TCP connection. */
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger maxInParallel = new AtomicInteger();
    private volatile CountDownLatch held = new CountDownLatch(0);

    FakeConnectionsApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::respond);
        server.setExecutor(threads);
        server.start();
    }

    /** Sets the responses: one for each post, and the last one for all further posts. */
    void respondWith(Response... responses) {
        nextResponses.clear();
        nextResponses.addAll(List.of(responses).subList(0, responses.length - 1));
        lastResponse = responses[responses.length - 1];
    }

    /** Sends no response before this many posts wait for one at the same time. */
    void holdUntilInParallel(int posts) {
        held = new CountDownLatch(posts);
    }

    /** The largest number of posts that waited for a response at the same time. */
    int maxInParallel() {
        return maxInParallel.get();
    }

    /** The number of TCP connections that posts came over. */
    int acceptedConnections() {
        return clients.size();
    }

    private void respond(HttpExchange exchange) throws IOException {
        clients.add(exchange.getRemoteAddress());
        maxInParallel.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        held.countDown();
        try (exchange) {
            if (!held.await(10, TimeUnit.SECONDS)) {
                throw new IOException("not enough posts in parallel: " + held.getCount() + " are missing");
            }
            posts.add(new Post(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            Response next = nextResponses.poll();
            Response response = next == null ? lastResponse : next;
            if (!response.errorType.isEmpty()) {
                exchange.getResponseHeaders().set("x-amzn-ErrorType", response.errorType);
            }
            inFlight.decrementAndGet();
            exchange.sendResponseHeaders(response.status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The value of {@code CHAT_MANAGEMENT_ENDPOINT} for this server. */
    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/dev");
    }

    /** All posts that {@link #takeFrames} has not taken. */
    List<Post> posts() {
        return List.copyOf(posts);
    }

    /** The frames that were posted to a connection since the last call. */
    List<String> takeFrames(String connection) {
        List<Post> taken = posts.stream()
                .filter(post -> post.path.endsWith("/@connections/" + connection))
                .toList();
        posts.removeAll(taken);
        return taken.stream().map(Post::body).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
