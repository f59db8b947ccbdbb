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

/** A stand-in for the {@code @connections} API: records posts and the connections they came over, and gives the answers it is set to. */
final class ConnectionsApi implements AutoCloseable {

    /** How a post is answered. */
    record Answer(int status, String errorType) {
        static final Answer OK = new Answer(200, "");
        static final Answer GONE = new Answer(410, "GoneException");
        static final Answer THROTTLED = new Answer(429, "LimitExceededException");
        static final Answer BROKEN = new Answer(500, "InternalServerErrorException");
    }

    /** What was posted, and where to; the path as it came over the wire. */
    record Post(String method, String path, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Post> posts = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile Answer otherwise = Answer.OK;

    /** The client's end of each connection that a request came over. */
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInParallel = new AtomicInteger();
    private volatile CountDownLatch held = new CountDownLatch(0);

    ConnectionsApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** First these, one a post, then always the last of them. */
    void answers(Answer... next) {
        answers.clear();
        answers.addAll(List.of(next).subList(0, next.length - 1));
        otherwise = next[next.length - 1];
    }

    /** Answers no post before so many are waiting for an answer at the same time. */
    void holdUntilInParallel(int posts) {
        held = new CountDownLatch(posts);
    }

    /** How many posts were waiting for an answer at the same time, at most. */
    int mostInParallel() {
        return mostInParallel.get();
    }

    /** How many connections the posts came over. */
    int acceptedConnections() {
        return clients.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        clients.add(exchange.getRemoteAddress());
        mostInParallel.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        held.countDown();
        try (exchange) {
            if (!held.await(10, TimeUnit.SECONDS)) {
                throw new IOException("so many posts never came in parallel: " + held.getCount() + " are missing");
            }
            posts.add(new Post(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            Answer next = answers.poll();
            Answer answer = next == null ? otherwise : next;
            if (!answer.errorType.isEmpty()) {
                exchange.getResponseHeaders().set("x-amzn-ErrorType", answer.errorType);
            }
            inFlight.decrementAndGet();
            exchange.sendResponseHeaders(answer.status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the configuration calls {@code CHAT_MANAGEMENT_ENDPOINT}. */
    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/dev");
    }

    List<Post> posts() {
        return List.copyOf(posts);
    }

    /** The frames that were posted to a connection since the last time of asking. */
    List<String> takeFrames(String connection) {
        List<Post> to = posts.stream()
                .filter(post -> post.path.endsWith("/@connections/" + connection))
                .toList();
        posts.removeAll(to);
        return to.stream().map(Post::body).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
