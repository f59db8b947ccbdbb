package dev.chatlab.application;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.Gateway.Delivery;
import dev.chatlab.ports.OutcomeUnknownException;
import io.vavr.collection.Map;
import java.time.Duration;

/**
 * Receives what a {@link ChatService} does, for metrics and logs. Many threads call it at once. Its methods delay the command
 * that they report, so they must be quick. What they throw is logged and has no effect on the command or on other observers.
 */
public interface ChatObserver {

    /** An observer that does nothing. */
    ChatObserver NONE = new ChatObserver() {};

    /** An append was committed. */
    default void committed(Append append) {}

    /** An append failed its optimistic concurrency check. The command is decided again. */
    default void conflicted(Append append) {}

    /** The outcome of an append is unknown. The same append is repeated under its id. */
    default void repeated(Append append, OutcomeUnknownException cause) {}

    /**
     * A command has its reply. Its last events are stored and not delivered yet. Not called for the disconnect of a gone connection,
     * which the service executes itself.
     *
     * @param took from when the service received the command
     */
    default void replied(ChatCommand command, Reply reply, Duration took) {}

    /**
     * The gateway returned from delivering an event.
     *
     * @param outcomes how many recipients had which outcome
     * @param took how long the gateway took for all recipients together
     */
    default void delivered(ChatEvent event, Map<Delivery, Integer> outcomes, Duration took) {}

    /**
     * An event could not be delivered to any recipient: the gateway or the store threw. Clients notice the gap and catch up.
     *
     * @param cause what was thrown; an {@link Error} is wrapped
     */
    default void deliveryFailed(ChatEvent event, RuntimeException cause) {}

    /**
     * A gone connection could not be disconnected. A later delivery to it tries again.
     *
     * @param cause what the store threw, or that the deadline passed
     */
    default void disconnectFailed(ConnectionId connection, RuntimeException cause) {}

    /** An observer that reports to this one first and then to the other. */
    default ChatObserver and(ChatObserver other) {
        return new CompositeObserver(this, other);
    }
}
