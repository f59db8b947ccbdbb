package dev.chatlab.testkit.protocol;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of the chat's wire protocol, on the JDK's WebSocket client. It records all frames that it receives.
 *
 * <p>Sending and awaiting is for one thread. A method that awaits something throws {@link AssertionError} if that does not happen
 * within the client's patience.
 */
public final class WebSocketTestClient implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** The close code if the connection ended without a close frame (RFC 6455). */
    private static final int NO_CLOSE_FRAME = 1006;

    private final Duration patience;
    private final WebSocket socket;

    /** Guarded by itself. */
    private final List<ReceivedFrame> received = new ArrayList<>();

    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private int next;

    private WebSocketTestClient(URI endpoint, Duration patience) {
        this.patience = patience;
        this.socket = HTTP.newWebSocketBuilder()
                .connectTimeout(patience)
                .buildAsync(endpoint, new Listener())
                .join();
    }

    /**
     * Connects to a host.
     *
     * @param endpoint a {@code ws} or {@code wss} URI
     * @param patience how long this client awaits anything
     */
    public static WebSocketTestClient connect(URI endpoint, Duration patience) {
        return new WebSocketTestClient(endpoint, patience);
    }

    // --- sending ---

    /**
     * Sends a frame.
     *
     * @param namesAndValues the fields: a name, its value, a name, its value, and so on
     */
    public void send(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        try {
            sendText(JSON.std.asString(fields));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a text message as it is. */
    public void sendText(String text) {
        await(socket.sendText(text, true), "the host does not read");
    }

    /** Sends a binary message. */
    public void sendBinary(byte[] message) {
        await(socket.sendBinary(ByteBuffer.wrap(message), true), "the host does not read");
    }

    // --- receiving ---

    /** The next frame of a type. Skips the frames before it. */
    public ReceivedFrame await(String type) {
        return await("a frame of type " + type, frame -> frame.is(type));
    }

    /** The next frame that matches. Skips the frames before it. */
    public ReceivedFrame await(String description, Predicate<ReceivedFrame> wanted) {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (received) {
            int from = next;
            while (true) {
                while (next < received.size()) {
                    ReceivedFrame frame = received.get(next++);
                    if (wanted.test(frame)) {
                        return frame;
                    }
                }
                if (!awaitFrame(end)) {
                    throw new AssertionError("did not receive " + description + " within " + patience + " but "
                            + received.subList(from, received.size()) + state());
                }
            }
        }
    }

    /**
     * All frames received so far that match, once there are as many as wanted. If that takes too long, returns those that there
     * are.
     */
    public List<ReceivedFrame> awaitAtLeast(int count, Predicate<ReceivedFrame> wanted) {
        return awaitAtLeast(count, wanted, System.nanoTime() + patience.toNanos());
    }

    /** As the method above, but until a time of {@link System#nanoTime}. */
    List<ReceivedFrame> awaitAtLeast(int count, Predicate<ReceivedFrame> wanted, long end) {
        synchronized (received) {
            int matching = 0;
            int seen = 0;
            do {
                for (; seen < received.size(); seen++) {
                    if (wanted.test(received.get(seen))) {
                        matching++;
                    }
                }
            } while (matching < count && awaitFrame(end));
            return received.stream().filter(wanted).toList();
        }
    }

    /** All frames received so far, in the order of their arrival. */
    public List<ReceivedFrame> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** Returns false if the time is over or the connection has ended. Call with the lock on the frames held. */
    private boolean awaitFrame(long end) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || closed.isDone()) {
            return false;
        }
        try {
            received.wait(left);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private String state() {
        return closed.isDone() ? "; the connection ended with code " + closed.join() : "";
    }

    // --- closing ---

    /** The code that the host closed the connection with, or 1006 if the connection ended without a close frame. */
    public int awaitClose() {
        return await(closed, "the host did not close the connection");
    }

    /** Sends a close frame with code 1000. */
    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            await(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""), "the host does not read");
        }
    }

    /** Ends the connection without a close frame, as a lost network does. */
    public void abort() {
        socket.abort();
    }

    private <T> T await(CompletableFuture<T> future, String otherwise) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(otherwise + " within " + patience, e);
        } catch (ExecutionException e) {
            throw new AssertionError("the connection failed" + state(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                ReceivedFrame frame = ReceivedFrame.parse(message.toString());
                message.setLength(0);
                synchronized (received) {
                    received.add(frame);
                    received.notifyAll();
                }
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            end(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            end(NO_CLOSE_FRAME);
        }

        private void end(int code) {
            closed.complete(code);
            synchronized (received) {
                received.notifyAll();
            }
        }
    }
}
