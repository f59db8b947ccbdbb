package dev.chatlab.ports;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import java.time.Duration;

/**
 * Told of what a {@link ChatService} does, to count it or write it down. Its methods must be quick and may not throw; they are
 * called by many threads at once.
 */
public interface ChatObserver {

    /** Sees nothing. */
    ChatObserver NONE = new ChatObserver() {};

    /** Events were stored. */
    default void committed(Append append) {}

    /** Somebody else was there first, and the command is decided again. */
    default void conflicted(Append append) {}

    /** An append's answer was lost, and it is repeated. */
    default void repeated(Append append, OutcomeUnknownException lost) {}

    /**
     * A command was answered, and nobody has been told yet.
     *
     * @param took from when the command was given
     */
    default void replied(ChatCommand command, Reply reply, Duration took) {}

    /**
     * A connection was told of an event, or not.
     *
     * @param took from when telling began, so with the wait for a place among those told at the same time
     */
    default void delivered(ConnectionId to, ChatEvent event, Gateway.Delivery delivery, Duration took) {}

    /** Telling people of what is stored went wrong; those who missed it will ask. */
    default void deliveryFailed(RuntimeException cause) {}

    /** Both of them, this one first. */
    default ChatObserver and(ChatObserver other) {
        return new Observers(this, other);
    }
}
