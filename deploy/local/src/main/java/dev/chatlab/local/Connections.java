package dev.chatlab.local;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.core.CloseStatus;

/** Every connection, from its acceptance to the end of its {@code $disconnect}. */
final class Connections {
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /** False when the gateway is stopping: then the connection must not come to be. */
    boolean add(Connection connection) {
        connections.put(connection.id(), connection);
        var unused = connection.finished().thenRun(() -> connections.remove(connection.id()));
        return !stopping;
    }

    /** The connection, as long as it can be sent to. */
    Optional<Connection> find(String id) {
        return Optional.ofNullable(connections.get(id)).filter(connection -> !connection.isClosing());
    }

    /** Closes every connection and waits for the last {@code $disconnect}, but no longer than this. */
    void closeAll(Duration atMost) {
        stopping = true;
        connections.values().forEach(connection -> connection.close(CloseStatus.SHUTDOWN, "Going away"));
        CompletableFuture.allOf(
                        connections.values().stream().map(Connection::finished).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
