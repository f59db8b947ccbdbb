package dev.chatlab.application;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.Gateway.Delivery;
import dev.chatlab.ports.OutcomeUnknownException;
import io.vavr.collection.Map;
import java.time.Duration;
import java.util.function.Consumer;

/** Notifies two observers in order. What one of them throws is logged and does not reach the caller or the other. */
record CompositeObserver(ChatObserver first, ChatObserver second) implements ChatObserver {

    private static final System.Logger LOG = System.getLogger(ChatObserver.class.getName());

    @Override
    public void committed(Append append) {
        both(observer -> observer.committed(append));
    }

    @Override
    public void conflicted(Append append) {
        both(observer -> observer.conflicted(append));
    }

    @Override
    public void repeated(Append append, OutcomeUnknownException cause) {
        both(observer -> observer.repeated(append, cause));
    }

    @Override
    public void replied(ChatCommand command, Reply reply, Duration took) {
        both(observer -> observer.replied(command, reply, took));
    }

    @Override
    public void delivered(ChatEvent event, Map<Delivery, Integer> outcomes, Duration took) {
        both(observer -> observer.delivered(event, outcomes, took));
    }

    @Override
    public void deliveryFailed(ChatEvent event, RuntimeException cause) {
        both(observer -> observer.deliveryFailed(event, cause));
    }

    @Override
    public void disconnectFailed(ConnectionId connection, RuntimeException cause) {
        both(observer -> observer.disconnectFailed(connection, cause));
    }

    private void both(Consumer<ChatObserver> report) {
        guarded(first, report);
        guarded(second, report);
    }

    private static void guarded(ChatObserver observer, Consumer<ChatObserver> report) {
        try {
            report.accept(observer);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "an observer threw", e);
        }
    }
}
