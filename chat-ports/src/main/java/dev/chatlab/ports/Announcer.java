package dev.chatlab.ports;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Gateway.Delivery;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Tells people of what is stored: many at a time, but not too many, and whatever happens to some, all the others. */
final class Announcer {

    private final Gateway gateway;
    private final Directory directory;
    private final Semaphore places;

    Announcer(Gateway gateway, Directory directory, int parallel) {
        this.gateway = gateway;
        this.directory = directory;
        this.places = new Semaphore(parallel);
    }

    /** Returns when everybody has been told who could be: the connections that turned out to be gone. */
    Set<ConnectionId> announce(Seq<Announcement> announcements, ChatObserver observer) {
        long began = System.nanoTime();
        java.util.Set<ConnectionId> gone = ConcurrentHashMap.newKeySet();
        Seq<Notice> notices = announcements.flatMap(announcement ->
                recipients(announcement.audience(), observer).map(to -> new Notice(to, announcement.event())));
        inParallel(notices, observer, notice -> {
            Delivery delivery = gateway.deliver(notice.to, notice.event);
            observer.delivered(notice.to, notice.event, delivery, Duration.ofNanos(System.nanoTime() - began));
            if (delivery == Delivery.GONE) {
                gone.add(notice.to);
            }
        });
        return io.vavr.collection.HashSet.ofAll(gone);
    }

    /** Does something with each, at most so many at a time in all of the service; what goes wrong with one is told to the observer. */
    <T> void inParallel(Seq<T> all, ChatObserver observer, java.util.function.Consumer<T> action) {
        if (all.size() <= 1) {
            all.forEach(one -> guarded(observer, () -> action.accept(one)));
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            all.forEach(one -> {
                places.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        guarded(observer, () -> action.accept(one));
                    } finally {
                        places.release();
                    }
                });
            });
        }
    }

    private static void guarded(ChatObserver observer, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            observer.deliveryFailed(e);
        }
    }

    private Seq<ConnectionId> recipients(Audience audience, ChatObserver observer) {
        return switch (audience) {
            case Audience.Members members -> members.connections().toVector();
            case Audience.Everyone everyone -> everyone(observer);
            case Audience.One one -> io.vavr.collection.Vector.of(one.connection());
            case Audience.Nobody nobody -> io.vavr.collection.Vector.empty();
        };
    }

    private Seq<ConnectionId> everyone(ChatObserver observer) {
        try {
            return directory.registered().map(Directory.Registered::connection);
        } catch (StoreException e) {
            observer.deliveryFailed(e);
            return io.vavr.collection.Vector.empty();
        }
    }

    private record Notice(ConnectionId to, ChatEvent event) {}
}
