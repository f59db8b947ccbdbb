package dev.chatlab.testkit.contract;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import dev.chatlab.testkit.ForwardingStore;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Stores that break the contract. Each subclass forwards to a correct store and overrides one behaviour. */
abstract class BrokenStores extends ForwardingStore {

    /** By the name of each test of the contract: the stores that the test must reject. */
    static final Map<String, Seq<Supplier<ChatStore>>> REJECTED_BY = Map.ofEntries(
            Map.entry("strictLoadReturnsTheFoldOfTheEventsRead", Vector.of(LoadsNothing::new, LoadsStaleAsStrict::new)),
            Map.entry("staleLoadReturnsStatesThatTheStreamsHad", Vector.of(LoadsOldStateAtNewVersion::new)),
            Map.entry(
                    "loadAfterEachAppendReturnsTheStateOfItsVersion",
                    Vector.of(SnapshotBehindUntilNextLoad::new, SnapshotOfFirstEventOnly::new)),
            Map.entry("loadOfLongStreamReturnsTheStateOfItsVersion", Vector.of(SnapshotOfEvery64thVersion::new)),
            Map.entry("loadDuringAppendsReturnsTheStateOfItsVersion", Vector.of(LoadsStateBeforeVersion::new)),
            Map.entry(
                    "readAfterAnyVersionReturnsAllLaterEventsInOrder",
                    Vector.of(ReadsWithGap::new, ReadsInReverse::new)),
            Map.entry(
                    "appendThatConflictsInOneStreamIsStoredInNone",
                    Vector.of(
                            StoresConflictingAppendInPart::new,
                            NamesWinnersInEveryStream::new,
                            SnapshotBehindAfterConflict::new)),
            Map.entry(
                    "appendRepeatedAfterLostAnswerIsStoredOnce",
                    Vector.of(ForgetsAppendIds::new, SnapshotBehindAfterRepetition::new)),
            Map.entry(
                    "appendAtOldVersionConflictsAndNamesTheWinners",
                    Vector.of(
                            NamesNoWinners::new,
                            NamesLastWinnerOnly::new,
                            NamesOwnEventsAsWinners::new,
                            SnapshotBehindAfterConflict::new)),
            Map.entry(
                    "concurrentAppendsAtOneVersionCommitExactlyOne",
                    Vector.of(CommitsAtAnyVersion::new, CommitsNoMessage::new, NamesOwnEventsAsWinners::new)),
            Map.entry(
                    "concurrentAppendsToSeveralStreamsCommitAtMostOne",
                    Vector.of(ReportsConflictAsCommitted::new, NamesWinnersInEveryStream::new)),
            Map.entry(
                    "concurrentClientsLoseNoMessageAndDuplicateNone",
                    Vector.of(LosesMessages::new, DuplicatesMessages::new)),
            Map.entry(
                    "concurrentReadsReturnMomentsOfOneHistory",
                    Vector.of(LoadsStateBeforeVersion::new, LoadsStaleAsStrictSometimes::new)),
            Map.entry(
                    "historyPagesContainAllMessagesUpToTheGivenState",
                    Vector.of(LatestIsOneShort::new, AfterAlwaysHasMore::new, AfterPassesTheGivenState::new)),
            Map.entry(
                    "latestFindsMessagesAmongTheLastMaxLookbackEventsOnly",
                    Vector.of(LooksBackTooLittle::new, LooksBackTooFar::new)),
            Map.entry(
                    "readModelsListOpenRoomsAndRegisteredUsers", Vector.of(OmitsOneRoom::new, ListsOneUserTwice::new)),
            Map.entry(
                    "readModelsAreSortedByCodePoints",
                    Vector.of(
                            RoomsSortedByUtf16::new,
                            RoomsSortedIgnoringCase::new,
                            UsersSortedByUtf16::new,
                            UsersNotSorted::new)));

    BrokenStores() {
        this(Faults.NONE);
    }

    private BrokenStores(Faults faults) {
        super(new FaultyStore(new InMemoryChatStore(), faults));
    }

    /** Every stale load lags by one event. */
    private static final class Lag implements Faults {
        @Override
        public int lag(StreamId stream) {
            return 1;
        }
    }

    private static Either<Conflict, Committed> committed(Append append) {
        return Either.right(new Committed(append.versions()));
    }

    // --- loads ---

    private static final class LoadsNothing extends BrokenStores {
        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            return new Loaded(Chat.EMPTY, super.load(streams, consistency).versions());
        }
    }

    private static final class LoadsStaleAsStrict extends BrokenStores {
        private LoadsStaleAsStrict() {
            super(new Lag());
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            return super.load(streams, Consistency.STALE);
        }
    }

    /** Every fifth strict load of many streams is stale. A service loads fewer streams, so it works on this store. */
    private static final class LoadsStaleAsStrictSometimes extends BrokenStores {
        private final AtomicInteger loads = new AtomicInteger();

        private LoadsStaleAsStrictSometimes() {
            super(new Lag());
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            boolean stale = streams.size() == 8 && loads.incrementAndGet() % 5 == 0;
            return super.load(streams, stale ? Consistency.STALE : consistency);
        }
    }

    private static final class LoadsOldStateAtNewVersion extends BrokenStores {
        private LoadsOldStateAtNewVersion() {
            super(new Lag());
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            return new Loaded(
                    super.load(streams, consistency).chat(),
                    super.load(streams, Consistency.STRICT).versions());
        }
    }

    /** Loads the state first and the version after it, so a concurrent append can come in between. */
    private static final class LoadsStateBeforeVersion extends BrokenStores {
        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            Chat chat = super.load(streams, consistency).chat();
            LockSupport.parkNanos(100_000);
            return new Loaded(chat, super.load(streams, consistency).versions());
        }
    }

    // --- snapshots ---

    /**
     * A store that derives the state of some streams from a snapshot at an older version, and reports the newest version with it. A
     * subclass says which snapshot it has.
     */
    private abstract static class StoreWithSnapshots extends BrokenStores {

        /** The streams whose snapshot is behind, and the version of the snapshot. */
        final Map<StreamId, Long> snapshots = new ConcurrentHashMap<>();

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            Loaded loaded = super.load(streams, consistency);
            Chat chat = loaded.chat();
            for (StreamId stream : streams) {
                long version = loaded.versions().get(stream).get();
                chat = chat.slice(streams.remove(stream)).merge(stateAt(stream, snapshotVersion(stream, version)));
            }
            return new Loaded(chat, loaded.versions());
        }

        long snapshotVersion(StreamId stream, long version) {
            return snapshots.getOrDefault(stream, version);
        }

        private Chat stateAt(StreamId stream, long version) {
            return read(stream, 0)
                    .take((int) version)
                    .foldLeft(Chat.EMPTY, (state, event) -> state.evolve(stream, event));
        }

        /** Every snapshot of these streams is up to date. */
        void update(Append append) {
            append.expected().keySet().forEach(snapshots::remove);
        }
    }

    /** An append leaves the snapshot as it was. The next load repairs it, but returns the old one. */
    private static final class SnapshotBehindUntilNextLoad extends StoreWithSnapshots {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .peek(committed ->
                            append.expected().forEach((stream, expected) -> snapshots.putIfAbsent(stream, expected)));
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            Loaded loaded = super.load(streams, consistency);
            streams.forEach(snapshots::remove);
            return loaded;
        }
    }

    /** The snapshot after an append contains only the first of several events of a stream. */
    private static final class SnapshotOfFirstEventOnly extends StoreWithSnapshots {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .peek(committed ->
                            append.expected().forEach((stream, expected) -> snapshots.put(stream, expected + 1)));
        }
    }

    /** In a long stream, the events after the last snapshot are missing in the state. */
    private static final class SnapshotOfEvery64thVersion extends StoreWithSnapshots {
        @Override
        long snapshotVersion(StreamId stream, long version) {
            return version < 64 ? version : version - version % 64;
        }
    }

    /** An append that conflicts writes the snapshots that it would have led to. */
    private static final class SnapshotBehindAfterConflict extends StoreWithSnapshots {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .peek(committed -> update(append))
                    .peekLeft(conflict -> conflict.winners()
                            .keySet()
                            .forEach(stream -> snapshots.put(
                                    stream, append.expected().get(stream).get())));
        }
    }

    /** An append that is repeated writes its snapshots again, over those of later appends. */
    private static final class SnapshotBehindAfterRepetition extends StoreWithSnapshots {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .peek(committed ->
                            committed.versions().forEach((stream, version) -> snapshots.put(stream, version)));
        }
    }

    // --- reads ---

    private static final class ReadsWithGap extends BrokenStores {
        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            Seq<ChatEvent> events = super.read(stream, after);
            return events.size() < 3 ? events : events.removeAt(1);
        }
    }

    private static final class ReadsInReverse extends BrokenStores {
        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            return super.read(stream, after).reverse();
        }
    }

    // --- appends ---

    /** An append that conflicts in some streams is stored in the others. */
    private static final class StoresConflictingAppendInPart extends BrokenStores {
        private final Map<StreamId, Seq<ChatEvent>> stored = new ConcurrentHashMap<>();

        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .peekLeft(conflict -> append.expected()
                            .keySet()
                            .removeAll(conflict.winners().keySet())
                            .forEach(stream -> stored.put(stream, append.eventsOf(stream))));
        }

        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            return super.read(stream, after).appendAll(stored.getOrDefault(stream, Vector.empty()));
        }
    }

    private static final class ForgetsAppendIds extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(
                    new Append(Append.Id.random(), append.expected(), append.stateBefore(), append.events()));
        }
    }

    private static final class CommitsAtAnyVersion extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            Either<Conflict, Committed> outcome = super.append(append);
            while (outcome.isLeft()) {
                outcome = super.append(new Append(
                        append.id(),
                        super.load(append.expected().keySet(), Consistency.STRICT)
                                .versions(),
                        append.stateBefore(),
                        append.events()));
            }
            return outcome;
        }
    }

    private static final class CommitsNoMessage extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return append.events().exists(MessageSent.class::isInstance)
                    ? Either.left(new Conflict(HashMap.empty()))
                    : super.append(append);
        }
    }

    private static final class ReportsConflictAsCommitted extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append).orElse(() -> committed(append));
        }
    }

    private static final class LosesMessages extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return append.events().head() instanceof MessageSent ? committed(append) : super.append(append);
        }
    }

    private static final class DuplicatesMessages extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append).peek(committed -> {
                if (append.events().head() instanceof MessageSent) {
                    super.append(new Append(
                            Append.Id.random(), committed.versions(), append.stateBefore(), append.events()));
                }
            });
        }
    }

    // --- winners of conflicts ---

    private static final class NamesNoWinners extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append).mapLeft(conflict -> new Conflict(HashMap.empty()));
        }
    }

    /** Wrong where the append is late by several events: the first of them is the winner. */
    private static final class NamesLastWinnerOnly extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .mapLeft(conflict -> new Conflict(conflict.winners().mapValues(winners -> winners.takeRight(1))));
        }
    }

    private static final class NamesOwnEventsAsWinners extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .mapLeft(conflict -> new Conflict(
                            conflict.winners().map((stream, winners) -> Tuple.of(stream, append.eventsOf(stream)))));
        }
    }

    /** Also names the newest event of each stream in which the append is not late. */
    private static final class NamesWinnersInEveryStream extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .mapLeft(conflict -> new Conflict(append.expected()
                            .map((stream, expected) -> Tuple.of(
                                    stream,
                                    conflict.winners()
                                            .get(stream)
                                            .getOrElse(() -> read(stream, 0).takeRight(1))))));
        }
    }

    // --- the message history ---

    private static final class LatestIsOneShort extends BrokenStores {
        @Override
        public Page latest(Room.Open room, int limit) {
            return super.latest(room, limit - 1);
        }
    }

    private static final class AfterAlwaysHasMore extends BrokenStores {
        @Override
        public Page after(long seq, Room.Open room, int limit) {
            return new Page(super.after(seq, room, limit).messages(), true);
        }
    }

    private static final class AfterPassesTheGivenState extends BrokenStores {
        @Override
        public Page after(long seq, Room.Open room, int limit) {
            Chat current = load(HashSet.of(StreamId.of(room.name())), Consistency.STRICT)
                    .chat();
            return super.after(seq, current.open(room.name()).getOrElse(room), limit);
        }
    }

    private static final class LooksBackTooLittle extends BrokenStores {
        @Override
        public Page latest(Room.Open room, int limit) {
            Page page = super.latest(room, limit);
            return new Page(
                    page.messages().filter(message -> message.seq() > room.seq() - MAX_LOOKBACK + 1), page.more());
        }
    }

    private static final class LooksBackTooFar extends BrokenStores {
        @Override
        public Page latest(Room.Open room, int limit) {
            return new Page(super.after(0, room, 1_000).messages().takeRight(limit), false);
        }
    }

    // --- the read models ---

    private static final class OmitsOneRoom extends BrokenStores {
        @Override
        public Seq<RoomName> openRooms() {
            return super.openRooms().drop(1);
        }
    }

    private static final class ListsOneUserTwice extends BrokenStores {
        @Override
        public Seq<RegisteredUser> registered() {
            Seq<RegisteredUser> users = super.registered();
            return users.appendAll(users.takeRight(1));
        }
    }

    private static final class RoomsSortedByUtf16 extends BrokenStores {
        @Override
        public Seq<RoomName> openRooms() {
            return super.openRooms().sortBy(RoomName::value);
        }
    }

    private static final class RoomsSortedIgnoringCase extends BrokenStores {
        @Override
        public Seq<RoomName> openRooms() {
            return super.openRooms().sorted(Comparator.comparing(RoomName::value, String.CASE_INSENSITIVE_ORDER));
        }
    }

    private static final class UsersSortedByUtf16 extends BrokenStores {
        @Override
        public Seq<RegisteredUser> registered() {
            return super.registered().sortBy(registered -> registered.user().value());
        }
    }

    private static final class UsersNotSorted extends BrokenStores {
        @Override
        public Seq<RegisteredUser> registered() {
            return super.registered().reverse();
        }
    }
}
