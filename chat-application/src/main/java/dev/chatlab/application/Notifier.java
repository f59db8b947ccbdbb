package dev.chatlab.application;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Gateway;
import dev.chatlab.ports.Gateway.Delivery;
import dev.chatlab.ports.ReadModels;
import dev.chatlab.ports.ReadModels.RegisteredUser;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.time.Duration;

/** Delivers committed events to their audiences, in each room's order. */
final class Notifier {

    private final Gateway gateway;
    private final ReadModels readModels;

    Notifier(Gateway gateway, ReadModels readModels) {
        this.gateway = gateway;
        this.readModels = readModels;
    }

    /**
     * Delivers the notifications one after another, each in its place. Never throws: a failure is reported to the observer and
     * does not keep other events from their recipients.
     *
     * @param last runs after the last event, before any later event of the same room is delivered; must not throw
     * @return the connections that turned out to be gone
     */
    Set<ConnectionId> deliver(Seq<Notification> notifications, ChatObserver observer, Runnable last) {
        if (notifications.isEmpty()) {
            last.run();
            return HashSet.empty();
        }
        Set<ConnectionId> gone = HashSet.empty();
        for (Notification notification : notifications.init()) {
            gone = gone.union(deliver(notification, observer, () -> {}));
        }
        return gone.union(deliver(notifications.last(), observer, last));
    }

    private Set<ConnectionId> deliver(Notification notification, ChatObserver observer, Runnable last) {
        notification.place().await();
        try {
            Set<ConnectionId> gone = notification
                    .events()
                    .foldLeft(HashSet.empty(), (found, event) -> found.union(deliver(event._1, event._2, observer)));
            last.run();
            return gone;
        } finally {
            notification.place().release();
        }
    }

    /** Catches errors, too: a gateway that cannot load a class must not keep the next event from other recipients. */
    private Set<ConnectionId> deliver(ChatEvent event, Audience audience, ChatObserver observer) {
        try {
            Set<ConnectionId> recipients = recipients(audience);
            if (recipients.isEmpty()) {
                return recipients;
            }
            long start = System.nanoTime();
            Map<ConnectionId, Delivery> outcomes =
                    gateway.deliver(event, recipients).filterKeys(recipients::contains);
            observer.delivered(event, complete(outcomes, recipients), Duration.ofNanos(System.nanoTime() - start));
            return outcomes.filterValues(Delivery.GONE::equals).keySet();
        } catch (RuntimeException e) {
            observer.deliveryFailed(event, e);
        } catch (Error e) {
            observer.deliveryFailed(event, new IllegalStateException("the gateway or the store failed: " + e, e));
        }
        return HashSet.empty();
    }

    private Set<ConnectionId> recipients(Audience audience) {
        return switch (audience) {
            case Audience.Members members -> members.connections();
            case Audience.Registered registered ->
                readModels.registered().map(RegisteredUser::connection).toSet();
            case Audience.SingleConnection single -> HashSet.of(single.connection());
            case Audience.None none -> HashSet.empty();
        };
    }

    private static Map<Delivery, Integer> complete(Map<ConnectionId, Delivery> outcomes, Set<ConnectionId> recipients) {
        Map<Delivery, Integer> counts = outcomes.values()
                .foldLeft(HashMap.<Delivery, Integer>empty(), (sums, delivery) -> sums.put(delivery, 1, Integer::sum));
        int unnamed = recipients.size() - outcomes.size();
        return unnamed == 0 ? counts : counts.put(Delivery.DELIVERED, unnamed, Integer::sum);
    }
}
