package dev.chatlab.application;

import dev.chatlab.domain.ConnectionId;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * The deliveries of one command, and of the commands that a gateway, an observer or a reply handler executes while that command
 * runs. Used by one thread.
 *
 * <p>A nested command only adds its deliveries, and they run after those of the outer command. A nested command cannot wait for its
 * place in a room's order itself, because the outer command on the same thread may hold the place before it.
 */
final class Deliveries {

    private final Queue<Supplier<Set<ConnectionId>>> nested = new ArrayDeque<>();
    private Set<ConnectionId> gone = HashSet.empty();

    /**
     * Adds a delivery of a nested command.
     *
     * @param delivery delivers events and returns the connections that turned out to be gone; must not throw
     */
    void addNested(Supplier<Set<ConnectionId>> delivery) {
        nested.add(delivery);
    }

    /** Runs a delivery of the outer command, and then all nested ones, including those that are added meanwhile. */
    void run(Supplier<Set<ConnectionId>> delivery) {
        for (var next = delivery; next != null; next = nested.poll()) {
            gone = gone.union(next.get());
        }
    }

    /** The connections that turned out to be gone. */
    Set<ConnectionId> gone() {
        return gone;
    }
}
