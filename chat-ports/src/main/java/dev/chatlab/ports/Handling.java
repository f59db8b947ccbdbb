package dev.chatlab.ports;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.EventStore.Committed;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.function.Function;

/** One command's way through a store: load what it must see, decide, append step by step, and again where others were first. */
final class Handling {

    private static final String UNTOLD = "; there is no telling whether the first attempt was stored";

    private final ChatCommand command;
    private final EventStore store;
    private final Turns turns;
    private final ChatPolicy policy;
    private final ServiceSettings settings;
    private final ChatObserver observer;
    private final Deadline deadline;

    private Slice slice = Slice.empty(Consistency.STALE);
    private Seq<Announcement> announcements = Vector.empty();
    private Set<StreamId> written = HashSet.empty();
    private int conflicts;

    Handling(
            ChatCommand command,
            EventStore store,
            Turns turns,
            ChatPolicy policy,
            ServiceSettings settings,
            ChatObserver observer) {
        this.command = command;
        this.store = store;
        this.turns = turns;
        this.policy = policy;
        this.settings = settings;
        this.observer = observer;
        this.deadline = Deadline.in(settings.deadline());
    }

    /** What was stored, also by a command that was not completed, and who is to hear of it. */
    Seq<Announcement> announcements() {
        return announcements;
    }

    Reply run() {
        Either<Reply, Seq<Seq<ChatEvent>>> progress =
                inTurn(Chat.EMPTY.boundary(command), turn -> append(decide(), turn));
        while (progress.isRight()) {
            Seq<Seq<ChatEvent>> rest = progress.get();
            Set<StreamId> next = Append.streams(rest.head());
            progress = inTurn(next, turn -> {
                Set<StreamId> outdated = turn.waited() ? next : outdated(next);
                return append(outdated.isEmpty() ? Either.right(rest) : decideAgain(outdated), turn);
            });
        }
        return progress.getLeft();
    }

    /**
     * Streams that were loaded before the first of several steps and have had time to go on. To look at them costs less than a
     * transaction in vain: a connection that goes leaves its rooms one after another, and in the last of them somebody has
     * spoken since.
     */
    private Set<StreamId> outdated(Set<StreamId> streams) {
        return written.isEmpty() ? HashSet.empty() : streams.diff(written);
    }

    private Either<Reply, Seq<Seq<ChatEvent>>> inTurn(
            Set<StreamId> streams, Function<Turns.Turn, Either<Reply, Seq<Seq<ChatEvent>>>> action) {
        Option<Turns.Turn> taken = turns.take(streams, deadline);
        if (taken.isEmpty()) {
            return Either.left(new Reply.Busy());
        }
        try (Turns.Turn turn = taken.get()) {
            return action.apply(turn);
        }
    }

    /** Appends step by step: the reply when all is done, or those steps that want another turn. */
    private Either<Reply, Seq<Seq<ChatEvent>>> append(
            Either<Rejection, Seq<Seq<ChatEvent>>> decision, Turns.Turn turn) {
        Either<Rejection, Seq<Seq<ChatEvent>>> steps = decision;
        while (steps.exists(rest -> !rest.isEmpty())) {
            Seq<ChatEvent> step = steps.get().head();
            Set<StreamId> streams = Append.streams(step);
            if (!turn.covers(streams)) {
                return Either.right(steps.get());
            }
            Append append = new Append(Append.Id.random(), slice.versions(streams), slice.chat(), step);
            Option<Either<Conflict, Committed>> outcome = appendUntilKnown(append);
            if (outcome.isEmpty()) {
                return Either.left(new Reply.Busy());
            }
            if (outcome.get().isRight()) {
                commit(append);
                steps = steps.map(Seq::tail);
            } else {
                observer.conflicted(append);
                if (!makeUpFor(outcome.get().getLeft(), streams)) {
                    return Either.left(new Reply.Busy());
                }
                steps = decide();
            }
        }
        return Either.left(steps.fold(
                Reply.Rejected::new, done -> new Reply.Accepted(slice.chat(), announcements.map(Announcement::event))));
    }

    // --- load and decide ---

    /** Events are worth a try on a stale slice, for the append is strict. A refusal, or nothing to do, is final and must not be. */
    private Either<Rejection, Seq<Seq<ChatEvent>>> decide() {
        load();
        Either<Rejection, Seq<ChatEvent>> decision = slice.chat().decide(command, policy);
        boolean toAppend = decision.exists(events -> !events.isEmpty());
        if (!toAppend && !slice.strict()) {
            slice = Slice.empty(Consistency.STRICT);
            load();
            decision = slice.chat().decide(command, policy);
        }
        return decision.map(Chat::steps);
    }

    private Either<Rejection, Seq<Seq<ChatEvent>>> decideAgain(Set<StreamId> streams) {
        catchUp(streams);
        return decide();
    }

    /** Loads the boundary, and what the loaded turns out to name, until nothing is missing. */
    private void load() {
        while (true) {
            Set<StreamId> missing = slice.chat().boundary(command).reject(slice::holds);
            if (missing.isEmpty()) {
                return;
            }
            slice = slice.with(store.load(missing, slice.strict() ? Consistency.STRICT : Consistency.STALE));
        }
    }

    // --- append ---

    private void commit(Append append) {
        observer.committed(append);
        slice = slice.with(append);
        written = written.union(append.expected().keySet());
        announcements = announcements.appendAll(append.events()
                .map(event -> new Announcement(event, slice.chat().audience(event))));
    }

    /**
     * The same append under its own id, until the store tells what became of it: once an answer was lost, only that it is
     * stored, or which event is there instead. To decide anew before that would be to say it twice.
     */
    private Option<Either<Conflict, Committed>> appendUntilKnown(Append append) {
        boolean lost = false;
        while (true) {
            try {
                Either<Conflict, Committed> outcome = store.append(append);
                if (!lost || outcome.fold(Conflict::settles, committed -> true)) {
                    return Option.some(outcome);
                }
            } catch (OutcomeUnknownException e) {
                lost = true;
                observer.repeated(append, e);
            } catch (StoreException e) {
                throw lost ? new StoreException("an answer was lost, and then: " + e.getMessage() + UNTOLD, e) : e;
            }
            if (!pause()) {
                return Option.none();
            }
        }
    }

    /**
     * Brings the slice to where those who were first have left it. The first time the winners at hand will do; after that the
     * streams are read: whoever learns of one event per attempt never catches up with a busy room.
     */
    private boolean makeUpFor(Conflict conflict, Set<StreamId> streams) {
        conflicts++;
        if (conflicts == 1 && !conflict.winners().isEmpty()) {
            slice = conflict.winners().foldLeft(slice, (known, winners) -> known.with(winners._1, winners._2));
            return true;
        }
        if (!pause()) {
            return false;
        }
        catchUp(streams);
        return true;
    }

    private void catchUp(Set<StreamId> streams) {
        slice = streams.filter(slice::holds)
                .foldLeft(slice, (known, stream) -> known.with(stream, store.read(stream, known.version(stream))));
    }

    private boolean pause() {
        return deadline.pause(settings.shortestPause(), settings.longestPause());
    }
}
