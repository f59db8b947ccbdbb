package dev.chatlab.ports;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;

/** Told of what a {@link ChatService} does, to count it or write it down. Its methods must be quick and may not throw. */
public interface ChatObserver {

    /** Sees nothing. */
    ChatObserver NONE = new ChatObserver() {};

    /** Events were stored. */
    default void committed(Append append) {}

    /** Somebody else was there first, and the command is decided again. */
    default void conflicted(Append append) {}

    /** An append's answer was lost, and it is repeated. */
    default void repeated(Append append, OutcomeUnknownException lost) {}

    /** A command was answered. */
    default void replied(ChatCommand command, Reply reply) {}

    /** A connection was told of an event, or not. */
    default void delivered(ConnectionId to, ChatEvent event, Gateway.Delivery delivery) {}

    /** Telling people of what is stored went wrong; those who missed it will ask. */
    default void deliveryFailed(RuntimeException cause) {}
}
