package dev.chatlab.ports;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;

/**
 * The chat as an application: loads what a command must see, decides, appends, and tells those who are to hear of it.
 *
 * <p>Safe for use by any number of threads. Any number of services, in any number of processes, may share a store.
 */
public final class ChatService {

    private final ChatStore store;
    private final ChatPolicy policy;
    private final ServiceSettings settings;
    private final ChatObserver observer;
    private final Turns turns;
    private final Announcer announcer;

    /** A service with settings of its own. */
    public ChatService(
            ChatStore store, Gateway gateway, ChatPolicy policy, ServiceSettings settings, ChatObserver observer) {
        this.store = store;
        this.policy = policy;
        this.settings = settings;
        this.observer = observer;
        this.turns = new Turns();
        this.announcer = new Announcer(gateway, store, settings.parallelDeliveries());
    }

    /** A service as most chats want it. */
    public ChatService(ChatStore store, Gateway gateway) {
        this(store, gateway, ChatPolicy.DEFAULT, ServiceSettings.DEFAULT, ChatObserver.NONE);
    }

    /**
     * Carries a command out. When this returns an acceptance, its events are stored, and everybody who could be reached has
     * been told; connections that turned out to be gone have been disconnected. Delivery never fails a command.
     *
     * @throws StoreException if the store is broken; the command is then not carried out, or not to its end,
     *     unless an answer was lost before: then there is no telling, and the message says so
     */
    public Reply handle(ChatCommand command) {
        return carryOut(command, observer);
    }

    /** The same, with somebody who is told of this command beside the service's own observer. */
    public Reply handle(ChatCommand command, ChatObserver beside) {
        return carryOut(command, observer.and(beside));
    }

    private Reply carryOut(ChatCommand command, ChatObserver observer) {
        long began = System.nanoTime();
        Handling handling = handling(command, observer);
        try {
            Reply reply = handling.run();
            observer.replied(command, reply, Duration.ofNanos(System.nanoTime() - began));
            return reply;
        } finally {
            announce(handling.announcements(), command.at(), observer);
        }
    }

    /** The rooms that are open, by name; may lag a moment behind. */
    public Seq<RoomName> openRooms() {
        return store.openRooms();
    }

    /**
     * What somebody missed who has seen a room up to {@code since}: the first messages after it, or without it the last that
     * the policy shows. A {@code since} that the room has not reached is of another room's life and counts as none.
     */
    public History.Page history(Room.Open room, Option<Long> since, int limit) {
        return since.filter(seq -> seq <= room.seq())
                .map(seq -> store.after(seq, room, limit))
                .getOrElse(() -> store.latest(room, policy.historyOnJoin()));
    }

    private Handling handling(ChatCommand command, ChatObserver observer) {
        return new Handling(command, store, turns, policy, settings, observer);
    }

    /** Tells everybody, disconnects those who are gone, tells everybody of that, and so on until nobody new is gone. */
    private void announce(Seq<Announcement> announcements, Instant at, ChatObserver observer) {
        Set<ConnectionId> known = HashSet.empty();
        Seq<Announcement> news = announcements;
        while (!news.isEmpty()) {
            Set<ConnectionId> gone = announcer.announce(news, observer).diff(known);
            known = known.union(gone);
            java.util.Queue<Announcement> next = new java.util.concurrent.ConcurrentLinkedQueue<>();
            announcer.inParallel(gone.toVector(), observer, connection -> {
                Handling handling = handling(new ChatCommand.Disconnect(connection, at), observer);
                try {
                    handling.run();
                } finally {
                    next.addAll(handling.announcements().asJava());
                }
            });
            news = Vector.ofAll(next);
        }
    }
}
