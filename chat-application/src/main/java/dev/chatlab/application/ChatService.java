package dev.chatlab.application;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.Gateway;
import dev.chatlab.ports.History;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The chat as an application: executes commands on a store and notifies the recipients of the committed events.
 *
 * <p>Safe for use by any number of threads. Any number of services, in any number of processes, may share a store.
 *
 * <p>Order: events of one room that were committed through this service reach the gateway in commit order, unless
 * {@link ServiceSettings#ordered()} is off. Between several services on one store no order is promised; a client orders by
 * {@code seq}.
 */
public final class ChatService {

    private final ChatStore store;
    private final ChatPolicy policy;
    private final ServiceSettings settings;
    private final ChatObserver observer;
    private final StreamLocks locks = new StreamLocks();
    private final DeliverySequencer sequencer = new DeliverySequencer();
    private final Notifier notifier;
    private final BoundedParallel disconnects;

    /** Creates a service with the application's own policy, settings and observer. */
    public ChatService(
            ChatStore store, Gateway gateway, ChatPolicy policy, ServiceSettings settings, ChatObserver observer) {
        this.store = store;
        this.policy = policy;
        this.settings = settings;
        this.observer = observer;
        this.notifier = new Notifier(gateway, store);
        this.disconnects = new BoundedParallel(settings.parallelDisconnects());
    }

    /** Creates a service with the default policy and settings. */
    public ChatService(ChatStore store, Gateway gateway) {
        this(store, gateway, ChatPolicy.DEFAULT, ServiceSettings.DEFAULT, ChatObserver.NONE);
    }

    /**
     * Executes a command. When this returns {@link Reply.Accepted}, the command's events are stored and the gateway has received
     * them; connections that turned out to be gone are disconnected. A failed delivery never fails a command.
     *
     * <p>Blocks for the store and the gateway, and at most {@link ServiceSettings#deadline()} for other commands and retries.
     *
     * @throws StoreException if the store failed. The command's remaining events are not stored, unless the message says that the
     *     outcome of an append is unknown
     */
    public Reply handle(ChatCommand command) {
        return handle(command, ChatObserver.NONE);
    }

    /** Executes a command as {@link #handle(ChatCommand)} does, and reports it to one more observer. */
    public Reply handle(ChatCommand command, ChatObserver additional) {
        return handle(command, additional, reply -> {});
    }

    /**
     * Executes a command as {@link #handle(ChatCommand)} does, and passes on the reply in the order of delivery.
     *
     * @param replyHandler receives the reply once: after the gateway has received the command's own events, and before it receives
     *     any later event of the same room. It runs on the calling thread, must be quick and must not throw. It is not called if
     *     this method throws
     */
    public Reply handle(ChatCommand command, ChatObserver additional, Consumer<Reply> replyHandler) {
        ChatObserver all = observer.and(additional);
        Set<ConnectionId> gone = HashSet.empty();
        try {
            Execution execution = new Execution(command, all);
            try {
                return execution.run(replyHandler);
            } finally {
                gone = execution.gone;
            }
        } finally {
            disconnect(gone, command.at(), all);
        }
    }

    /** The open rooms by name. May lag behind the last appends. */
    public Seq<RoomName> openRooms() {
        return store.openRooms();
    }

    /**
     * The messages that a member missed: the first ones after {@code since}, or without it the last ones that the policy shows.
     * A {@code since} beyond the room's newest event belongs to an earlier room of the same name and is ignored.
     *
     * @param limit the largest number of messages after {@code since}
     */
    public History.Page history(Room.Open room, Option<Long> since, int limit) {
        return since.filter(seq -> seq <= room.seq())
                .map(seq -> store.after(seq, room, limit))
                .getOrElse(() -> store.latest(room, policy.historyOnJoin()));
    }

    private DeliverySequencer.Place place(Option<RoomName> room) {
        return room.filter(name -> settings.ordered())
                .map(sequencer::next)
                .getOrElse(DeliverySequencer.Place.UNORDERED);
    }

    /** Disconnects gone connections. That may reveal further gone connections, so this repeats until there are no new ones. */
    private void disconnect(Set<ConnectionId> gone, Instant at, ChatObserver all) {
        Set<ConnectionId> disconnected = HashSet.empty();
        Set<ConnectionId> next = gone;
        while (!next.isEmpty()) {
            disconnected = disconnected.union(next);
            java.util.Set<ConnectionId> found = ConcurrentHashMap.newKeySet();
            disconnects.forEach(next, connection -> {
                Execution execution = new Execution(new ChatCommand.Disconnect(connection, at), all);
                try {
                    execution.run(reply -> {});
                } catch (StoreException e) {
                    all.disconnectFailed(connection, e);
                } finally {
                    found.addAll(execution.gone.toJavaSet());
                }
            });
            next = HashSet.ofAll(found).diff(disconnected);
        }
    }

    /** Runs one command and delivers its events after each change of locks. */
    private final class Execution {

        private final ChatCommand command;
        private final ChatObserver all;
        private final long start = System.nanoTime();
        private final CommandExecution steps;

        /** The connections that turned out to be gone so far. */
        private Set<ConnectionId> gone = HashSet.empty();

        Execution(ChatCommand command, ChatObserver all) {
            this.command = command;
            this.all = all;
            this.steps = new CommandExecution(command, store, locks, ChatService.this::place, policy, settings, all);
        }

        Reply run(Consumer<Reply> replyHandler) {
            while (true) {
                Option<Reply> reply = Option.none();
                try {
                    reply = steps.proceed();
                    reply.forEach(done -> all.replied(command, done, Duration.ofNanos(System.nanoTime() - start)));
                } finally {
                    Option<Reply> done = reply;
                    gone = gone.union(notifier.deliver(steps.takeUndelivered(), all, () -> done.forEach(replyHandler)));
                }
                if (reply.isDefined()) {
                    return reply.get();
                }
            }
        }
    }
}
