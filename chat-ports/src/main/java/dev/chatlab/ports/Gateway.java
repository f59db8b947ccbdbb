package dev.chatlab.ports;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;

/** How people hear of what happened. */
@FunctionalInterface
public interface Gateway {

    /** Tells one connection of one event; may block, never throws. Safe for use by any number of threads. */
    Delivery deliver(ConnectionId to, ChatEvent event);

    /** What became of it. */
    enum Delivery {
        /** The gateway took it. */
        DELIVERED,
        /** There is no such connection, and will not be again. */
        GONE,
        /** It could not be told now; whoever missed it will see the gap and ask. */
        FAILED
    }
}
