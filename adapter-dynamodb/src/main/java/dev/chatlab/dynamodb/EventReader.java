package dev.chatlab.dynamodb;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.StreamId;
import dev.chatlab.dynamodb.PartitionQueries.Range;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.History;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;

/** Reads the events of streams and the message history of rooms. */
final class EventReader {

    private final Tables tables;
    private final PartitionQueries queries;
    private final Retention retention;
    private final HeadExpiries heads;

    EventReader(Tables tables, PartitionQueries queries, Retention retention, HeadExpiries heads) {
        this.tables = tables;
        this.queries = queries;
        this.retention = retention;
        this.heads = heads;
    }

    /**
     * All events after a version, up to date. A query may read the second event of a transaction without the first one; it is
     * repeated until there is no gap.
     */
    Seq<ChatEvent> events(StreamId stream, long after) {
        Range range = Range.of(tables.stream(stream)).versions(after + 1, Tables.MAX_VERSION);
        for (int i = 0; i < PartitionQueries.MAX_REPETITIONS; i++) {
            Seq<Item> items = queries.items(range, Consistency.STRICT);
            if (items.zipWithIndex().forAll(item -> item._1.version() == after + 1 + item._2)) {
                items.lastOption().forEach(head -> heads.remember(stream, head.version(), head.expires()));
                return items.map(EventItems::event);
            }
            PartitionQueries.backOff(i);
        }
        throw new StoreException("cannot read " + tables.stream(stream) + " after version " + after
                + ": events are missing; events are kept for "
                + retention.rooms().toDays() + " days");
    }

    // --- history ---

    /** Reads as many events as messages are missing, and repeats: joins and leaves lie between the messages. */
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

    /**
     * The events of a room between two versions, both included. The loaded room contains them, so an event that is missing in a
     * stale read is read again strictly; one that is missing then has expired.
     */
    private Seq<Item> span(Room.Open room, long from, long to) {
        Range range = Range.of(tables.stream(StreamId.of(room.name()))).versions(from, to);
        Seq<Item> items = queries.items(range, Consistency.STALE);
        return items.size() == to - from + 1 ? items : queries.items(range, Consistency.STRICT);
    }
}
