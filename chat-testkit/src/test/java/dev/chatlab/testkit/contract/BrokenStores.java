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
import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A store that would do, but for one thing: what a subclass overrides. */
class BrokenStores extends ForwardingStore {

    /** Stores that break one law each, by the name of the law in the contract. */
    static final Map<String, Seq<Supplier<ChatStore>>> LAWS = Map.ofEntries(
            Map.entry("whatIsLoadedIsTheFoldOfWhatIsRead", Vector.of(Blank::new, Behind::new)),
            Map.entry("aStaleStateIsOneThatThereWas", Vector.of(Mixed::new)),
            Map.entry("eventsAreReadInOrderAndWithoutGapsFromAnyVersion", Vector.of(Gappy::new, Backwards::new)),
            Map.entry("anAppendThatIsLateInOneStreamHappensInNone", Vector.of(Torn::new)),
            Map.entry("anAppendThatIsRepeatedIsOneAppend", Vector.of(Forgetful::new)),
            Map.entry("whoeverIsLateIsToldByWhomAndNotMerelyThat", Vector.of(Silent::new, Liar::new)),
            Map.entry("ofAppendsAtOneVersionExactlyOneWins", Vector.of(LastWriterWins::new, NobodyWins::new)),
            Map.entry("ofAppendsToSeveralStreamsNoTwoWin", Vector.of(Flatterer::new)),
            Map.entry("aCrowdLosesNothingAndDoublesNothing", Vector.of(Lossy::new, Doubling::new)),
            Map.entry("whateverIsSeenMeanwhileIsAMomentOfTheOnePast", Vector.of(TwoMoments::new, Nostalgic::new)),
            Map.entry("historyComesInPagesThatMissNothing", Vector.of(OneShort::new, Endless::new, Ahead::new)),
            Map.entry("theLastMessagesAreSoughtSoFarBackAndNoFurther", Vector.of(NearSighted::new, FarSighted::new)),
            Map.entry("theDirectoryAgreesWithTheEvents", Vector.of(Unlisted::new, Haunted::new)));

    BrokenStores() {
        this(Faults.NONE);
    }

    private BrokenStores(Faults faults) {
        super(new FaultyStore(new InMemoryChatStore(), faults));
    }

    private static Append anew(Append append) {
        return new Append(Append.Id.random(), append.expected(), append.stateBefore(), append.events());
    }

    private static Either<Conflict, Committed> yes(Append append) {
        return Either.right(new Committed(append.versions()));
    }

    // --- loading ---

    private static final class Blank extends BrokenStores {
        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            return new Loaded(Chat.EMPTY, super.load(streams, consistency).versions());
        }
    }

    private static final class Behind extends BrokenStores {
        private Behind() {
            super(new Lagging());
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            return super.load(streams, Consistency.STALE);
        }
    }

    /** An old state that is said to be the newest. */
    private static final class Mixed extends BrokenStores {
        private Mixed() {
            super(new Lagging());
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            return new Loaded(
                    super.load(streams, consistency).chat(),
                    super.load(streams, Consistency.STRICT).versions());
        }
    }

    /** Asks for the state, and then for which version it is of: when nobody writes, nobody can tell. */
    private static final class TwoMoments extends BrokenStores {
        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            Chat chat = super.load(streams, consistency).chat();
            LockSupport.parkNanos(100_000);
            return new Loaded(chat, super.load(streams, consistency).versions());
        }
    }

    /** Strict or not, shows now and then what was, but for those who wait until it does not. */
    private static final class Nostalgic extends BrokenStores {
        private final AtomicInteger loads = new AtomicInteger();

        private Nostalgic() {
            super(new Lagging());
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            // Only who looks at everything at once can tell; a service would never get on.
            boolean glance = streams.size() == 8;
            return super.load(streams, glance && loads.incrementAndGet() % 5 == 0 ? Consistency.STALE : consistency);
        }
    }

    private static final class Lagging implements Faults {
        @Override
        public int lag(StreamId stream) {
            return 1;
        }
    }

    // --- reading ---

    private static final class Gappy extends BrokenStores {
        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            Seq<ChatEvent> events = super.read(stream, after);
            return events.size() < 3 ? events : events.removeAt(1);
        }
    }

    private static final class Backwards extends BrokenStores {
        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            return super.read(stream, after).reverse();
        }
    }

    // --- appending ---

    /** What is late in one stream stays in the others. */
    private static final class Torn extends BrokenStores {
        private final Map<StreamId, Seq<ChatEvent>> half = new ConcurrentHashMap<>();

        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .peekLeft(conflict -> append.expected()
                            .keySet()
                            .removeAll(conflict.winners().keySet())
                            .forEach(stream -> half.put(stream, append.eventsOf(stream))));
        }

        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            return super.read(stream, after).appendAll(half.getOrDefault(stream, Vector.empty()));
        }
    }

    private static final class Forgetful extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(anew(append));
        }
    }

    private static final class Silent extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append).mapLeft(conflict -> new Conflict(HashMap.empty()));
        }
    }

    /** Tells the latest events as the winners, which they are only for those who were late by no more. */
    private static final class Liar extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append)
                    .mapLeft(conflict -> new Conflict(conflict.winners().mapValues(winners -> winners.takeRight(1))));
        }
    }

    private static final class LastWriterWins extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            Either<Conflict, Committed> outcome = super.append(append);
            while (outcome.isLeft()) {
                Append late = new Append(
                        append.id(),
                        super.load(append.expected().keySet(), Consistency.STRICT)
                                .versions(),
                        append.stateBefore(),
                        append.events());
                outcome = super.append(late);
            }
            return outcome;
        }
    }

    private static final class NobodyWins extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            boolean contended = append.events().exists(MessageSent.class::isInstance);
            return contended ? Either.left(new Conflict(HashMap.empty())) : super.append(append);
        }
    }

    private static final class Flatterer extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return super.append(append).orElse(() -> yes(append));
        }
    }

    private static final class Lossy extends BrokenStores {
        @Override
        public Either<Conflict, Committed> append(Append append) {
            return append.events().head() instanceof MessageSent ? yes(append) : super.append(append);
        }
    }

    /** Stores what it has stored once more. */
    private static final class Doubling extends BrokenStores {
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

    // --- history ---

    private static final class OneShort extends BrokenStores {
        @Override
        public Page latest(Room.Open room, int limit) {
            return super.latest(room, limit - 1);
        }
    }

    private static final class Endless extends BrokenStores {
        @Override
        public Page after(long seq, Room.Open room, int limit) {
            return new Page(super.after(seq, room, limit).messages(), true);
        }
    }

    /** Tells what was said after the moment that it was asked for. */
    private static final class Ahead extends BrokenStores {
        @Override
        public Page after(long seq, Room.Open room, int limit) {
            return super.after(
                    seq,
                    super.load(io.vavr.collection.HashSet.of(StreamId.of(room.name())), Consistency.STRICT)
                            .chat()
                            .open(room.name())
                            .getOrElse(room),
                    limit);
        }
    }

    private static final class NearSighted extends BrokenStores {
        @Override
        public Page latest(Room.Open room, int limit) {
            Page page = super.latest(room, limit);
            return new Page(
                    page.messages().filter(message -> message.seq() > room.seq() - MAX_LOOKBACK + 1), page.more());
        }
    }

    private static final class FarSighted extends BrokenStores {
        @Override
        public Page latest(Room.Open room, int limit) {
            return new Page(super.after(0, room, 1_000).messages().takeRight(limit), false);
        }
    }

    // --- who and what there is ---

    private static final class Unlisted extends BrokenStores {
        @Override
        public Seq<RoomName> openRooms() {
            return super.openRooms().drop(1);
        }
    }

    private static final class Haunted extends BrokenStores {
        @Override
        public Seq<RegisteredUser> registered() {
            Seq<RegisteredUser> registered = super.registered();
            return registered.appendAll(registered.takeRight(1));
        }
    }
}
