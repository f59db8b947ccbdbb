package dev.chatlab.application;

import dev.chatlab.domain.ConnectionId;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * The deliveries of one command, and of the commands that a gateway, an observer or a reply handler executes while that command
 * runs, in the order of their commits. Used by one thread.
 *
 * <p>A nested command only adds its deliveries. It cannot wait for its place in a room's order, because the outer command on the
 * same thread may hold the place before it.
 */
final class Deliveries {

    private final Queue<Supplier<Set<ConnectionId>>> waiting = new ArrayDeque<>();
    private Set<ConnectionId> gone = HashSet.empty();

    /** @param delivery delivers events and returns the connections that turned out to be gone; must not throw */
    void add(Supplier<Set<ConnectionId>> delivery) {
        waiting.add(delivery);
    }

    /** Runs all deliveries, including those that are added meanwhile. */
    void run() {
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            gone = gone.union(next.get());
        }
    }

    /** The connections that turned out to be gone. */
    Set<ConnectionId> gone() {
        return gone;
    }
}
