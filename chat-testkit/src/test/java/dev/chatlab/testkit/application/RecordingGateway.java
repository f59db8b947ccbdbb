package dev.chatlab.testkit.application;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Gateway;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A gateway that records what each connection receives. A test sets other outcomes by connection. */
final class RecordingGateway implements Gateway {

    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final java.util.Map<ConnectionId, Delivery> outcomes = new ConcurrentHashMap<>();

    @Override
    public Map<ConnectionId, Delivery> deliver(ChatEvent event, Set<ConnectionId> recipients) {
        return recipients.toMap(recipient -> recipient, recipient -> deliver(recipient, event));
    }

    private Delivery deliver(ConnectionId recipient, ChatEvent event) {
        Delivery outcome = outcomes.getOrDefault(recipient, Delivery.DELIVERED);
        if (outcome == Delivery.DELIVERED) {
            received.add(new Received(recipient, event));
        }
        return outcome;
    }

    /** From now on each delivery to this user's connection has this outcome. */
    void answer(String user, Delivery outcome) {
        outcomes.put(Commands.connection(user), outcome);
    }

    /** The events that a user's connection received, in order. */
    List<ChatEvent> receivedBy(String user) {
        return received.stream()
                .filter(delivery -> delivery.recipient.equals(Commands.connection(user)))
                .map(Received::event)
                .toList();
    }

    private record Received(ConnectionId recipient, ChatEvent event) {}
}
