package dev.chatlab.ports;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import java.time.Duration;

/** Two who are told the same. */
record Observers(ChatObserver first, ChatObserver second) implements ChatObserver {

    @Override
    public void committed(Append append) {
        first.committed(append);
        second.committed(append);
    }

    @Override
    public void conflicted(Append append) {
        first.conflicted(append);
        second.conflicted(append);
    }

    @Override
    public void repeated(Append append, OutcomeUnknownException lost) {
        first.repeated(append, lost);
        second.repeated(append, lost);
    }

    @Override
    public void replied(ChatCommand command, Reply reply, Duration took) {
        first.replied(command, reply, took);
        second.replied(command, reply, took);
    }

    @Override
    public void delivered(ConnectionId to, ChatEvent event, Gateway.Delivery delivery, Duration took) {
        first.delivered(to, event, delivery, took);
        second.delivered(to, event, delivery, took);
    }

    @Override
    public void deliveryFailed(RuntimeException cause) {
        first.deliveryFailed(cause);
        second.deliveryFailed(cause);
    }
}
