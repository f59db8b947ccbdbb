package dev.chatlab.endtoend;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
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

/** A client on the JDK's WebSocket. */
final class Client {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long PATIENCE_MILLIS = 30_000;

    private final List<Map<String, Object>> received = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private WebSocket socket;
    private int read;
    private int largest;

    private Client(URI uri) {
        socket = HTTP.newWebSocketBuilder().buildAsync(uri, new Listener()).join();
    }

    static Client at(URI uri) {
        return new Client(uri);
    }

    /** Sends a frame of alternating names and values. */
    void send(Object... fields) {
        Map<String, Object> frame = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            frame.put((String) fields[i], fields[i + 1]);
        }
        sendText(json(frame));
    }

    void sendText(String text) {
        socket.sendText(text, true).join();
    }

    /** Waits for the next frame of a type and skips the frames before it. */
    Map<String, Object> await(String type) {
        return await(frame -> type.equals(frame.get("type")));
    }

    /** Waits for the next frame that matches and skips the frames before it. */
    Map<String, Object> await(Predicate<Map<String, Object>> wanted) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        synchronized (received) {
            while (true) {
                while (read < received.size()) {
                    Map<String, Object> frame = received.get(read++);
                    if (wanted.test(frame)) {
                        return frame;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("it did not come; what came: " + received);
                }
                waitOn(left);
            }
        }
    }

    private void waitOn(long millis) {
        try {
            received.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** All frames of a type that were received so far. */
    List<Map<String, Object>> all(String type) {
        synchronized (received) {
            return received.stream().filter(f -> type.equals(f.get("type"))).toList();
        }
    }

    /** The size in bytes of the largest frame received so far. */
    int largestMessage() {
        synchronized (received) {
            return largest;
        }
    }

    /** Waits until the server closes the connection, and returns its close code. */
    int closeCode() {
        try {
            return closed.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("not closed", e);
        }
    }

    boolean isOpen() {
        return !closed.isDone() && !socket.isInputClosed();
    }

    void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    /** Breaks the connection without a close frame. */
    void kill() {
        socket.abort();
    }

    WebSocket socket() {
        return socket;
    }

    private static String json(Object value) {
        try {
            return JSON.std.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder partial = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                try {
                    Map<String, Object> frame = JSON.std.mapFrom(partial.toString());
                    synchronized (received) {
                        received.add(frame);
                        largest = Math.max(largest, partial.toString().getBytes(StandardCharsets.UTF_8).length);
                        received.notifyAll();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.complete(1006);
        }
    }
}
