package dev.samlocal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.core.CloseStatus;

/** All connections, each from its acceptance to the end of its {@code $disconnect} handler. */
final class Connections {
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /** Returns false when the gateway is stopping and the connection must not be opened. */
    boolean add(Connection connection) {
        connections.put(connection.id(), connection);
        var unused = connection.finished().thenRun(() -> connections.remove(connection.id()));
        return !stopping;
    }

    /** The connection, unless it is gone or closing. */
    Optional<Connection> find(String id) {
        return Optional.ofNullable(connections.get(id)).filter(connection -> !connection.isClosing());
    }

    /** Closes all connections and waits for their {@code $disconnect} handlers, at most for this time. */
    void closeAll(Duration atMost) {
        stopping = true;
        connections.values().forEach(connection -> connection.close(CloseStatus.SHUTDOWN, "Going away"));
        CompletableFuture.allOf(
                        connections.values().stream().map(Connection::finished).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
