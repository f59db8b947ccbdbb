package dev.chatlab.dynamodb;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.dynamodb.PartitionQueries.Range;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.EventStore.Loaded;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Loads the states of streams.
 *
 * <p>A session or a name reservation is the snapshot in its stream's head (the newest event item). A room consists of the snapshot
 * in its head and of its roster items, which are read with two queries and may be of different moments. {@link RosterConsistency}
 * detects this, and both are read again.
 */
final class StateLoader {

    private final Tables tables;
    private final PartitionQueries queries;
    private final HeadExpiries heads;
    private final InstantSource clock;
    private final RosterConsistency rosterConsistency;

    StateLoader(
            Tables tables,
            PartitionQueries queries,
            HeadExpiries heads,
            InstantSource clock,
            RosterConsistency rosterConsistency) {
        this.tables = tables;
        this.queries = queries;
        this.heads = heads;
        this.clock = clock;
        this.rosterConsistency = rosterConsistency;
    }

    /** Loads all streams in parallel: the last one in this thread, the others in virtual threads. */
    Loaded load(Set<StreamId> streams, Consistency consistency) {
        Loaded empty = new Loaded(Chat.EMPTY, HashMap.empty());
        if (streams.isEmpty()) {
            return empty;
        }
        Vector<StreamId> all = streams.toVector();
        Vector<Future<Loaded>> others = all.init().map(stream -> queries.start(() -> load(stream, consistency)));
        Loaded last = load(all.last(), consistency);
        return others.map(PartitionQueries::join)
                .append(last)
                .foldLeft(
                        empty,
                        (merged, loaded) -> new Loaded(
                                merged.chat().merge(loaded.chat()),
                                merged.versions().merge(loaded.versions())));
    }

    private Loaded load(StreamId stream, Consistency consistency) {
        return switch (stream) {
            case StreamId.OfConnection(var connection) ->
                head(stream, consistency)
                        .load(
                                stream,
                                snapshot -> Chat.EMPTY.withSessions(
                                        HashMap.of(connection, StreamSnapshots.session(connection, snapshot))));
            case StreamId.OfUser(var user) ->
                head(stream, consistency)
                        .load(
                                stream,
                                snapshot -> Chat.EMPTY.withReservations(
                                        HashMap.of(user, StreamSnapshots.reservation(user, snapshot))));
            case StreamId.OfRoom(var room) -> loadRoom(room, consistency);
        };
    }

    // --- rooms ---

    private Loaded loadRoom(RoomName room, Consistency consistency) {
        Option<Loaded> loaded = readRoom(room, consistency);
        for (int i = 0; i < PartitionQueries.MAX_REPETITIONS && loaded.isEmpty(); i++) {
            PartitionQueries.backOff(i);
            loaded = readRoom(room, Consistency.STRICT);
        }
        return loaded.getOrElseThrow(() -> new StoreException("cannot read " + tables.stream(StreamId.of(room))
                + ": its roster and its last event do not match after " + PartitionQueries.MAX_REPETITIONS
                + " repeated reads"));
    }

    /** The room, or nothing if the head and the roster are of different moments. */
    private Option<Loaded> readRoom(RoomName room, Consistency consistency) {
        StreamId stream = StreamId.of(room);
        Future<Seq<Item>> roster = queries.start(() -> queries.items(Range.of(tables.roster(room)), consistency));
        Head head = head(stream, consistency);
        Seq<Item> members = PartitionQueries.join(roster);
        return head.snapshot.isEmpty()
                ? Option.some(closedRoom(room, head, members))
                : openRoom(room, head, head.snapshot.get(), members);
    }

    private Loaded closedRoom(RoomName room, Head head, Seq<Item> members) {
        long version = Math.max(head.version, Roster.lastStaleJoin(members, clock.instant()));
        Chat chat = version == 0 ? Chat.EMPTY : Chat.EMPTY.withRooms(HashMap.of(room, new Room.Closed(room, version)));
        return new Loaded(chat, HashMap.of(StreamId.of(room), version));
    }

    private Option<Loaded> openRoom(RoomName room, Head head, Item snapshot, Seq<Item> members) {
        Roster roster = Roster.of(members, head.item.decode(() -> snapshot.number("created")));
        String fingerprint = head.item.decode(() -> snapshot.text("roster"));
        return Option.when(
                rosterConsistency.isConsistent(roster, fingerprint),
                () -> head.load(
                        StreamId.of(room),
                        same -> Chat.EMPTY.withRooms(
                                HashMap.of(room, StreamSnapshots.room(room, head.version, same, roster)))));
    }

    // --- heads ---

    private Head head(StreamId stream, Consistency consistency) {
        return queries.last(tables.stream(stream), consistency)
                .map(item -> head(stream, item))
                .getOrElse(Head.NONE);
    }

    private Head head(StreamId stream, Item item) {
        EventItems.requireReadable(item);
        long version = item.version();
        Instant expires = item.expires();
        heads.remember(stream, version, expires);
        return new Head(
                item, version, Retention.hasExpired(expires, clock.instant()) ? Option.none() : item.map("state"));
    }

    /**
     * The newest event item of a stream.
     *
     * @param snapshot the state after the event; nothing if there is none or if it has expired
     */
    private record Head(Item item, long version, Option<Item> snapshot) {

        static final Head NONE = new Head(Item.EMPTY, 0, Option.none());

        Loaded load(StreamId stream, Function<Item, Chat> state) {
            Chat chat = snapshot.map(present -> item.decode(() -> state.apply(present)))
                    .getOrElse(Chat.EMPTY);
            return new Loaded(chat, HashMap.of(stream, version));
        }
    }
}
