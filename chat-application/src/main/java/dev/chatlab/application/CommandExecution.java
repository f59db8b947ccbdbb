package dev.chatlab.application;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.EventStore;
import dev.chatlab.ports.EventStore.Committed;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.ports.StoreException;
import io.vavr.Tuple;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.function.Function;

/**
 * Executes one command: loads its consistency boundary, decides, appends step by step, and decides again after a conflict.
 *
 * <p>A decision may consist of several steps, each one atomic append. The steps that fit under the locks of the boundary are
 * appended together; each further step takes the locks of its own streams.
 */
final class CommandExecution {

    private static final String UNKNOWN = "; it is unknown whether the first attempt was stored";

    private final ChatCommand command;
    private final EventStore store;
    private final StreamLocks locks;
    private final Function<Option<RoomName>, DeliverySequencer.Place> places;
    private final ChatPolicy policy;
    private final ServiceSettings settings;
    private final ChatObserver observer;
    private final Deadline deadline;

    private DecisionModel model = DecisionModel.empty(Consistency.STALE);
    private Set<StreamId> written = HashSet.empty();
    private Seq<ChatEvent> committed = Vector.empty();
    private Seq<Notification> undelivered = Vector.empty();
    private Either<Reply, Seq<Seq<ChatEvent>>> remaining = Either.right(Vector.empty());
    private boolean started;
    private int conflicts;

    CommandExecution(
            ChatCommand command,
            EventStore store,
            StreamLocks locks,
            Function<Option<RoomName>, DeliverySequencer.Place> places,
            ChatPolicy policy,
            ServiceSettings settings,
            ChatObserver observer) {
        this.command = command;
        this.store = store;
        this.locks = locks;
        this.places = places;
        this.policy = policy;
        this.settings = settings;
        this.observer = observer;
        this.deadline = Deadline.in(settings.deadline());
    }

    /**
     * Goes on until the locks have to change, and returns the reply when the command is finished. The caller delivers what was
     * {@linkplain #takeUndelivered committed} after each call, also when it throws.
     */
    Option<Reply> proceed() {
        if (started) {
            Seq<Seq<ChatEvent>> steps = remaining.get();
            Set<StreamId> next = Append.streams(steps.head());
            remaining = locked(next, held -> {
                Set<StreamId> outdated = held.waited() ? next : outdated(next);
                return append(outdated.isEmpty() ? Either.right(steps) : decideAgain(outdated), held);
            });
        } else {
            started = true;
            remaining = locked(Chat.EMPTY.boundary(command), held -> append(decide(), held));
        }
        return remaining.swap().toOption();
    }

    /** The notifications of the appends since the last call. */
    Seq<Notification> takeUndelivered() {
        Seq<Notification> taken = undelivered;
        undelivered = Vector.empty();
        return taken;
    }

    /**
     * Streams of a later step that were loaded before the first step, and may have new events by now. Reading them first costs
     * less than a transaction that fails its concurrency check.
     */
    private Set<StreamId> outdated(Set<StreamId> streams) {
        return written.isEmpty() ? HashSet.empty() : streams.diff(written);
    }

    private Either<Reply, Seq<Seq<ChatEvent>>> locked(
            Set<StreamId> streams, Function<StreamLocks.Held, Either<Reply, Seq<Seq<ChatEvent>>>> action) {
        Option<StreamLocks.Held> acquired = locks.acquire(streams, deadline);
        if (acquired.isEmpty()) {
            return Either.left(new Reply.Busy());
        }
        try (StreamLocks.Held held = acquired.get()) {
            return action.apply(held);
        }
    }

    /** Appends step by step. Returns the reply when all steps are done, or else the steps that need other locks. */
    private Either<Reply, Seq<Seq<ChatEvent>>> append(
            Either<Rejection, Seq<Seq<ChatEvent>>> decision, StreamLocks.Held held) {
        Either<Rejection, Seq<Seq<ChatEvent>>> steps = decision;
        while (steps.exists(rest -> !rest.isEmpty())) {
            Seq<ChatEvent> step = steps.get().head();
            Set<StreamId> streams = Append.streams(step);
            if (!held.covers(streams)) {
                return Either.right(steps.get());
            }
            Append append = new Append(Append.Id.random(), model.versions(streams), model.chat(), step);
            Option<Either<Conflict, Committed>> outcome = appendUntilKnown(append);
            if (outcome.isEmpty()) {
                return Either.left(new Reply.Busy());
            }
            if (outcome.get().isRight()) {
                commit(append);
                steps = steps.map(Seq::tail);
            } else {
                observer.conflicted(append);
                if (!resolve(outcome.get().getLeft(), streams)) {
                    return Either.left(new Reply.Busy());
                }
                steps = decide();
            }
        }
        return Either.left(steps.fold(Reply.Rejected::new, done -> accepted(held)));
    }

    /**
     * The reply to an accepted command. Without events of its own it gets a place in the room's order, too: the reply then follows
     * all events that the state contains, and precedes all others.
     */
    private Reply accepted(StreamLocks.Held held) {
        if (committed.isEmpty()) {
            Option<RoomName> room = room(held.streams());
            if (room.isDefined()) {
                undelivered = undelivered.append(new Notification(Vector.empty(), places.apply(room)));
            }
        }
        return new Reply.Accepted(model.chat(), committed);
    }

    // --- load and decide ---

    /**
     * Decides on a stale read first: an append is checked against the streams' versions, so a stale decision to append is safe.
     * A rejection or an empty decision is final, so it is made again on a strict read.
     */
    private Either<Rejection, Seq<Seq<ChatEvent>>> decide() {
        load();
        Either<Rejection, Seq<ChatEvent>> decision = model.chat().decide(command, policy);
        boolean toAppend = decision.exists(events -> !events.isEmpty());
        if (!toAppend && !model.strict()) {
            model = DecisionModel.empty(Consistency.STRICT);
            load();
            decision = model.chat().decide(command, policy);
        }
        return decision.map(Chat::steps);
    }

    private Either<Rejection, Seq<Seq<ChatEvent>>> decideAgain(Set<StreamId> streams) {
        catchUp(streams);
        return decide();
    }

    /** Loads the boundary. The loaded state may extend the boundary, so this repeats until no stream is missing. */
    private void load() {
        while (true) {
            Set<StreamId> missing = model.chat().boundary(command).reject(model::holds);
            if (missing.isEmpty()) {
                return;
            }
            model = model.with(store.load(missing, model.strict() ? Consistency.STRICT : Consistency.STALE));
        }
    }

    // --- append ---

    private void commit(Append append) {
        model = model.with(append);
        written = written.union(append.expected().keySet());
        committed = committed.appendAll(append.events());
        undelivered = undelivered.append(new Notification(
                append.events().map(event -> Tuple.of(event, model.chat().audience(event))),
                places.apply(room(append.expected().keySet()))));
        observer.committed(append);
    }

    /** The room among these streams. There is one at most: a step belongs to one room, and a command names one. */
    private static Option<RoomName> room(Set<StreamId> streams) {
        return streams.flatMap(stream ->
                        stream instanceof StreamId.OfRoom of ? Option.some(of.room()) : Option.<RoomName>none())
                .headOption();
    }

    /**
     * Repeats the append under its id until its outcome is known. After a lost answer, only a commit or a final conflict settles
     * it; to decide anew before that could store the same decision twice. Returns nothing if the deadline comes first.
     */
    private Option<Either<Conflict, Committed>> appendUntilKnown(Append append) {
        boolean lost = false;
        while (true) {
            try {
                Either<Conflict, Committed> outcome = store.append(append);
                if (!lost || outcome.fold(Conflict::isFinal, done -> true)) {
                    return Option.some(outcome);
                }
            } catch (OutcomeUnknownException e) {
                lost = true;
                observer.repeated(append, e);
            } catch (StoreException e) {
                throw lost ? new StoreException("an answer was lost, and then: " + e.getMessage() + UNKNOWN, e) : e;
            }
            if (!backOff()) {
                return Option.none();
            }
        }
    }

    /**
     * Brings the model up to date after a conflict. The first time, the winning events in the conflict are enough. After that the
     * streams are read: a model that gains one event an attempt never catches up with a busy room.
     */
    private boolean resolve(Conflict conflict, Set<StreamId> streams) {
        conflicts++;
        if (conflicts == 1 && !conflict.winners().isEmpty()) {
            model = conflict.winners().foldLeft(model, (known, winners) -> known.with(winners._1, winners._2));
            return true;
        }
        if (!backOff()) {
            return false;
        }
        catchUp(streams);
        return true;
    }

    private void catchUp(Set<StreamId> streams) {
        model = streams.filter(model::holds)
                .foldLeft(model, (known, stream) -> known.with(stream, store.read(stream, known.version(stream))));
    }

    private boolean backOff() {
        return deadline.backOff(settings.shortestPause(), settings.longestPause());
    }
}
