package dev.chatlab.inmemory;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import io.vavr.Tuple;
import io.vavr.collection.Iterator;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A chat store in memory: immutable {@link StoreContents} behind one atomic reference.
 *
 * <ul>
 *   <li>Lock-free: a read never waits, and of several concurrent appends at least one succeeds.
 *   <li>Every read is up to date, a {@link dev.chatlab.ports.EventStore.Consistency#STALE} one, too. The read models do not lag.
 *   <li>A conflict names all winners.
 *   <li>It keeps all events, so the memory that it uses grows with every append. It loses them when the process ends.
 * </ul>
 */
public final class InMemoryChatStore implements ChatStore {

    private final AtomicReference<StoreContents> contents = new AtomicReference<>(StoreContents.EMPTY);

    // --- the events ---

    @Override
    public Loaded load(Set<StreamId> streams, Consistency consistency) {
        StoreContents now = now();
        return new Loaded(now.chat().slice(streams), streams.toMap(stream -> stream, now::version));
    }

    @Override
    public Seq<ChatEvent> read(StreamId stream, long after) {
        return now().events(stream, after);
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        while (true) {
            StoreContents before = now();
            if (before.contains(append)) {
                return Either.right(new Committed(append.versions()));
            }
            if (!before.hasExpectedVersions(append)) {
                return Either.left(new Conflict(append.expected()
                        .map((stream, expected) -> Tuple.of(stream, before.events(stream, expected)))
                        .filterValues(winners -> !winners.isEmpty())));
            }
            if (contents.compareAndSet(before, before.with(append))) {
                return Either.right(new Committed(append.versions()));
            }
        }
    }

    // --- the message history ---

    @Override
    public Page after(long seq, Room.Open room, int limit) {
        Iterator<Long> later = Iterator.rangeClosed(Math.max(seq, room.created()) + 1, room.seq());
        Vector<MessageSent> messages = messages(room, later).take(limit + 1).toVector();
        return new Page(messages.take(limit), messages.length() > limit);
    }

    @Override
    public Page latest(Room.Open room, int limit) {
        Iterator<Long> earlier =
                Iterator.rangeClosedBy(room.seq(), Math.max(room.created(), room.seq() - MAX_LOOKBACK) + 1, -1);
        return new Page(messages(room, earlier).take(limit).toVector().reverse(), false);
    }

    /** The messages among the events of the room that have these numbers. */
    private Iterator<MessageSent> messages(Room.Open room, Iterator<Long> seqs) {
        Vector<StoreContents.Entry> entries = now().entries(StreamId.of(room.name()));
        return seqs.map(seq -> entries.get((int) (seq - 1)).event())
                .flatMap(event -> event instanceof MessageSent message ? Iterator.of(message) : Iterator.empty());
    }

    // --- the read models ---

    @Override
    public Seq<RoomName> openRooms() {
        return now().chat()
                .rooms()
                .values()
                .filter(Room.Open.class::isInstance)
                .map(Room::name)
                .toVector()
                .sorted(byCodePoints(RoomName::value));
    }

    @Override
    public Seq<RegisteredUser> registered() {
        return now().chat()
                .reservations()
                .values()
                .map(reservation -> new RegisteredUser(reservation.user(), reservation.connection()))
                .toVector()
                .sorted(byCodePoints(registered -> registered.user().value()));
    }

    private static <T> Comparator<T> byCodePoints(Function<T, String> name) {
        return Comparator.comparing(entry -> name.apply(entry).codePoints().toArray(), Arrays::compare);
    }

    private StoreContents now() {
        return Objects.requireNonNull(contents.get());
    }
}
