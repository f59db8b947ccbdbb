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
import java.util.function.Supplier;

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

    private static final System.Logger LOG = System.getLogger(ChatService.class.getName());

    private final ChatStore store;
    private final ChatPolicy policy;
    private final ServiceSettings settings;
    private final ChatObserver observer;
    private final StreamLocks locks = new StreamLocks();
    private final DeliverySequencer sequencer = new DeliverySequencer();
    private final Notifier notifier;
    private final BoundedParallel disconnects;

    /** The deliveries of the command that this thread executes. A gateway or an observer may execute further commands meanwhile. */
    @SuppressWarnings("ThreadLocalUsage") // It belongs to this service: two services of one process are independent.
    private final ThreadLocal<Deliveries> running = new ThreadLocal<>();

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
     * them; connections that turned out to be gone are disconnected. Neither a failed delivery nor an observer fails a command.
     *
     * <p>Blocks for the store and the gateway, at most {@link ServiceSettings#deadline()} for other commands and retries, and until
     * the gateway has received the earlier events of the same room.
     *
     * <p>A gateway may call this while it delivers an event, for example to disconnect a connection. Such a call returns before its
     * own events are delivered; they follow on the same thread, after those of the command that is being delivered. A gateway must
     * not wait for such a call of another thread.
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
     *     any later event of the same room. A reply without events of its own follows the events that its state contains. It runs
     *     on the calling thread, must be quick and must not throw; what it throws is logged. It is not called if this method throws
     */
    public Reply handle(ChatCommand command, ChatObserver additional, Consumer<Reply> replyHandler) {
        ChatObserver all = observer.and(additional);
        long start = System.nanoTime();
        Consumer<Reply> decided = reply -> all.replied(command, reply, Duration.ofNanos(System.nanoTime() - start));
        Deliveries outer = running.get();
        if (outer != null) {
            return new Execution(command, all, outer::addNested).run(decided, replyHandler);
        }
        Deliveries own = new Deliveries();
        try {
            return outermost(command, all, own, decided, replyHandler);
        } finally {
            disconnect(own.gone(), command.at(), all);
        }
    }

    /** Executes a command that is not nested in another command of this thread. */
    private Reply outermost(
            ChatCommand command,
            ChatObserver all,
            Deliveries own,
            Consumer<Reply> decided,
            Consumer<Reply> replyHandler) {
        running.set(own);
        try {
            return new Execution(command, all, own::run).run(decided, replyHandler);
        } finally {
            running.remove();
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
            disconnects.forEach(
                    next,
                    connection -> found.addAll(disconnect(connection, at, all).toJavaSet()));
            next = HashSet.ofAll(found).diff(disconnected);
        }
    }

    /** Disconnects one connection and returns the connections that turned out to be gone meanwhile. Never throws. */
    private Set<ConnectionId> disconnect(ConnectionId connection, Instant at, ChatObserver all) {
        Deliveries own = new Deliveries();
        try {
            ChatCommand command = new ChatCommand.Disconnect(connection, at);
            Reply reply = outermost(command, all, own, decided -> {}, replied -> {});
            if (reply instanceof Reply.Busy) {
                all.disconnectFailed(connection, new StoreException("the deadline passed"));
            }
        } catch (RuntimeException e) {
            all.disconnectFailed(connection, e);
        } catch (Error e) {
            all.disconnectFailed(connection, new IllegalStateException("the store failed: " + e, e));
        }
        return own.gone();
    }

    /** Runs one command and delivers its events after each change of locks. */
    private final class Execution {

        private final ChatObserver all;
        private final Consumer<Supplier<Set<ConnectionId>>> deliveries;
        private final CommandExecution steps;

        /** @param deliveries runs a delivery, or takes it to run later */
        Execution(ChatCommand command, ChatObserver all, Consumer<Supplier<Set<ConnectionId>>> deliveries) {
            this.all = all;
            this.deliveries = deliveries;
            this.steps = new CommandExecution(command, store, locks, ChatService.this::place, policy, settings, all);
        }

        /**
         * @param decided receives the reply before its last events are delivered
         * @param replyHandler receives the reply after its last events are delivered
         */
        Reply run(Consumer<Reply> decided, Consumer<Reply> replyHandler) {
            while (true) {
                Option<Reply> reply = Option.none();
                try {
                    reply = steps.proceed();
                    reply.forEach(decided);
                } finally {
                    deliver(steps.takeUndelivered(), reply.map(done -> () -> pass(done, replyHandler)));
                }
                if (reply.isDefined()) {
                    return reply.get();
                }
            }
        }

        private void deliver(Seq<Notification> notifications, Option<Runnable> last) {
            deliveries.accept(() -> notifier.deliver(notifications, all, () -> last.forEach(Runnable::run)));
        }
    }

    /** Passes the reply on. An exception must not reach the command, because its events are stored. */
    private static void pass(Reply reply, Consumer<Reply> replyHandler) {
        try {
            replyHandler.accept(reply);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a reply handler threw", e);
        }
    }
}
