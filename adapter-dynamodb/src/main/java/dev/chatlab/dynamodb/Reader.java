package dev.chatlab.dynamodb;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.dynamodb.Queries.Range;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.EventStore.Loaded;
import dev.chatlab.ports.History;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Future;

/** States, events and messages, from items that may be old and of which one may be newer than the next. */
final class Reader {

    /** How often a state is read again that does not hold together; each time it takes a transaction just then. */
    private static final int PATIENCE = 20;

    private final Tables tables;
    private final Queries queries;
    private final Retention retention;
    private final InstantSource clock;
    private final RosterConsistency check;

    Reader(Tables tables, Queries queries, Retention retention, InstantSource clock, RosterConsistency check) {
        this.tables = tables;
        this.queries = queries;
        this.retention = retention;
        this.clock = clock;
        this.check = check;
    }

    /** All of them at the same time: the last here, the others elsewhere. */
    Loaded load(Set<StreamId> streams, Consistency consistency) {
        Loaded nothing = new Loaded(Chat.EMPTY, HashMap.empty());
        if (streams.isEmpty()) {
            return nothing;
        }
        Vector<StreamId> all = streams.toVector();
        Vector<Future<Loaded>> elsewhere = all.init().map(stream -> queries.start(() -> load(stream, consistency)));
        Loaded here = load(all.last(), consistency);
        return elsewhere
                .map(Queries::join)
                .append(here)
                .foldLeft(
                        nothing,
                        (all1, one) -> new Loaded(
                                all1.chat().merge(one.chat()), all1.versions().merge(one.versions())));
    }

    private Loaded load(StreamId stream, Consistency consistency) {
        return switch (stream) {
            case StreamId.OfConnection(var connection) ->
                head(stream, consistency)
                        .load(
                                stream,
                                state -> Chat.EMPTY.withSessions(
                                        HashMap.of(connection, StreamSnapshots.session(connection, state))));
            case StreamId.OfUser(var user) ->
                head(stream, consistency)
                        .load(
                                stream,
                                state -> Chat.EMPTY.withReservations(
                                        HashMap.of(user, StreamSnapshots.reservation(user, state))));
            case StreamId.OfRoom(var room) -> room(room, consistency);
        };
    }

    // --- a room: its newest event, and a roster that is of the same moment ---

    private Loaded room(RoomName room, Consistency consistency) {
        Option<Loaded> loaded = roomOnce(room, consistency);
        for (int i = 0; i < PATIENCE && loaded.isEmpty(); i++) {
            pause(i);
            loaded = roomOnce(room, Consistency.STRICT);
        }
        return loaded.getOrElseThrow(() -> new StoreException("cannot read " + tables.stream(StreamId.of(room))
                + ": who is in it and what happened last do not agree, however often they are read"));
    }

    private Option<Loaded> roomOnce(RoomName room, Consistency consistency) {
        StreamId stream = StreamId.of(room);
        Future<Seq<Item>> roster = queries.start(() -> queries.items(Range.of(tables.roster(room)), consistency));
        Head head = head(stream, consistency);
        Seq<Item> items = Queries.join(roster);
        if (head.state.isEmpty()) {
            long version = Math.max(
                    head.version,
                    Roster.outlived(items, since -> retention.over(retention.expires(stream, since), clock.instant())));
            return Option.some(
                    version == 0
                            ? head.load(stream, state -> Chat.EMPTY)
                            : new Loaded(
                                    Chat.EMPTY.withRooms(HashMap.of(room, new Room.Closed(room, version))),
                                    HashMap.of(stream, version)));
        }
        Item state = head.state.get();
        Roster members = Roster.of(items, state.number("created"));
        return check.holds(members, state.text("roster"))
                ? Option.some(head.load(
                        stream,
                        same -> Chat.EMPTY.withRooms(
                                HashMap.of(room, StreamSnapshots.room(room, head.version, same, members)))))
                : Option.none();
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(new SecureRandom().nextLong(1, 5 + 3L * attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while reading", e);
        }
    }

    // --- the newest event ---

    private Head head(StreamId stream, Consistency consistency) {
        return queries.last(tables.stream(stream), consistency)
                .peek(EventItems::requireReadable)
                .map(item -> new Head(
                        version(item),
                        retention.over(item.expires(), clock.instant()) ? Option.none() : item.map("state")))
                .getOrElse(new Head(0, Option.none()));
    }

    /**
     * The newest event of a stream.
     *
     * @param state what it has come to; nothing, too, if it is over by age
     */
    private record Head(long version, Option<Item> state) {

        Loaded load(StreamId stream, java.util.function.Function<Item, Chat> chat) {
            return new Loaded(state.map(chat).getOrElse(Chat.EMPTY), HashMap.of(stream, version));
        }
    }

    private static long version(Item item) {
        return item.value("sk", Long::parseLong);
    }

    // --- events ---

    /** As of now. A transaction that is just being written may show its second event before its first: then again. */
    Seq<ChatEvent> events(StreamId stream, long after) {
        Range range = Range.of(tables.stream(stream)).versions(after + 1, Tables.LAST);
        for (int i = 0; i < PATIENCE; i++) {
            Seq<Item> items = queries.items(range, Consistency.STRICT);
            if (items.zipWithIndex().forAll(item -> version(item._1) == after + 1 + item._2)) {
                return items.map(EventItems::event);
            }
            pause(i);
        }
        throw new StoreException("cannot read " + tables.stream(stream) + " after version " + after
                + ": events are missing; those kept are of the last "
                + retention.rooms().toDays() + " days");
    }

    // --- messages ---

    /** In pages, since there may be a crowd's coming and going between one message and the next. */
    History.Page after(long seq, Room.Open room, int limit) {
        long next = Math.max(seq, room.created()) + 1;
        Vector<MessageSent> messages = Vector.empty();
        while (next <= room.seq() && messages.size() <= limit) {
            long last = Math.min(room.seq(), next + limit);
            messages = messages.appendAll(messages(span(room, next, last)));
            next = last + 1;
        }
        return new History.Page(messages.take(limit), messages.size() > limit);
    }

    History.Page latest(Room.Open room, int limit) {
        long first = Math.max(room.created(), room.seq() - History.MAX_LOOKBACK) + 1;
        long last = room.seq();
        Vector<MessageSent> messages = Vector.empty();
        while (last >= first && messages.size() < limit) {
            long from = Math.max(first, last - 2L * limit + 1);
            messages = messages.prependAll(messages(span(room, from, last)));
            last = from - 1;
        }
        return new History.Page(messages.takeRight(limit), false);
    }

    private static Seq<MessageSent> messages(Seq<Item> items) {
        return items.map(EventItems::event)
                .filter(MessageSent.class::isInstance)
                .map(MessageSent.class::cast);
    }

    /** All events of a room from one version to another, which the room had when it was loaded: what is missing is not there yet. */
    private Seq<Item> span(Room.Open room, long from, long to) {
        Range range = Range.of(tables.stream(StreamId.of(room.name()))).versions(from, to);
        Seq<Item> items = queries.items(range, Consistency.STALE);
        // What a consistent read does not show either has expired.
        return items.size() == to - from + 1 ? items : queries.items(range, Consistency.STRICT);
    }
}
