package dev.chatlab.ports;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import io.vavr.collection.Map;
import io.vavr.collection.Set;

/** Sends events to connections. The host that accepted the connections implements it. */
@FunctionalInterface
public interface Gateway {

    /**
     * Sends one event to all of its recipients. Every recipient receives the same frame, so an implementation encodes the event
     * once and fans it out in its own way.
     *
     * <p>Any number of threads may call it. It may block; the duration is part of the time that a command takes. What it throws
     * is reported to the {@code ChatObserver} and never fails a command.
     *
     * @param recipients the connections that receive the event, none of them twice
     * @return the outcome by connection; a recipient that is missing from the map counts as {@link Delivery#DELIVERED}
     */
    Map<ConnectionId, Delivery> deliver(ChatEvent event, Set<ConnectionId> recipients);

    /** The outcome of sending one event to one connection. */
    enum Delivery {
        /** The gateway accepted the event for this connection. */
        DELIVERED,

        /** The connection does not exist and never will again. The application disconnects its session. */
        GONE,

        /** The event was not sent. The client notices the gap in the room's sequence and catches up. */
        FAILED,

        /** Another process owns the connection. The session stays as it is. */
        ELSEWHERE
    }
}
