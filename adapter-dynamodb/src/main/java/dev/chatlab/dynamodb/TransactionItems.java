package dev.chatlab.dynamodb;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.Disconnected;
import dev.chatlab.domain.ChatEvent.RoomClosed;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ChatEvent.RoomJoined;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.ChatEvent.UserRegistered;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Room.Member;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.dynamodb.Tables.ItemKey;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.codec.SnapshotCodec;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The writes of one append: an item for each event in each of its streams, and the changes of the rosters and read models.
 *
 * <p>Only the event items have a condition, the optimistic concurrency check. The other writes need none, because they are in one
 * transaction with the events.
 */
record TransactionItems(Seq<PutEvent> events, Seq<Write> derived) {

    /** The write of one item. */
    sealed interface Write {
        ItemKey key();
    }

    /**
     * Puts an event's item, on the condition that no item has its key.
     *
     * @param version the version of the stream after the event
     */
    record PutEvent(StreamId stream, long version, ItemKey key, Item item) implements Write {}

    /** Puts an item without a condition. */
    record Put(ItemKey key, Item item) implements Write {}

    /** Deletes an item, if there is one. */
    record Delete(ItemKey key) implements Write {}

    static TransactionItems of(Append append, Tables tables, Retention retention, HeadExpiries heads) {
        Chat chat = append.stateBefore();
        Map<StreamId, Long> versions = append.expected().toJavaMap();
        Map<StreamId, Instant> expiries = new HashMap<>();
        Vector<PutEvent> events = Vector.empty();
        // A transaction may contain only one write of an item: the last one counts.
        Map<ItemKey, Write> derived = new LinkedHashMap<>();
        for (ChatEvent event : append.events()) {
            for (StreamId stream : event.streams()) {
                chat = chat.evolve(stream, event);
                long version = versions.merge(stream, 1L, Long::sum);
                Instant expires =
                        expiries.merge(stream, heads.next(stream, version - 1, event.at()), TransactionItems::later);
                ItemKey key = tables.stream(stream).at(version);
                Item item = EventItems.item(event)
                        .with("append", append.id().value())
                        .expiring(expires);
                events = events.append(new PutEvent(
                        stream,
                        version,
                        key,
                        StreamSnapshots.item(stream, chat).fold(() -> item, state -> item.with("state", state))));
            }
            derived(event, tables, retention, expiries).forEach(write -> derived.put(write.key(), write));
        }
        return new TransactionItems(events, Vector.ofAll(derived.values()));
    }

    Seq<Write> all() {
        return Vector.<Write>ofAll(events).appendAll(derived);
    }

    private static Seq<Write> derived(
            ChatEvent event, Tables tables, Retention retention, Map<StreamId, Instant> expiries) {
        return switch (event) {
            case UserRegistered e ->
                Vector.of(new Put(
                        tables.online().at(e.user().value()),
                        Item.EMPTY
                                .with("connection", e.connection().value())
                                .with("since", e.at())
                                .expiring(e.expiresAt())));
            case Disconnected e ->
                e.user()
                        .map(UserName::value)
                        .toVector()
                        .map(user -> new Delete(tables.online().at(user)));
            case RoomCreated e ->
                Vector.of(
                        rosterItem(e, e.connection(), e.user(), tables), openRoomItem(e, tables, retention, expiries));
            case RoomJoined e ->
                Vector.of(
                        rosterItem(e, e.connection(), e.user(), tables), openRoomItem(e, tables, retention, expiries));
            case RoomLeft e ->
                Vector.of(new Delete(tables.roster(e.room()).at(e.connection().value())));
            case RoomClosed e ->
                Vector.of(new Delete(tables.openRooms().at(e.room().value())));
            case ChatEvent.Connected e -> Vector.empty();
            case ChatEvent.MessageSent e -> Vector.empty();
        };
    }

    /** Does not expire: the roster must keep its fingerprint as long as the room is open. */
    private static Write rosterItem(ChatEvent.OfRoom event, ConnectionId connection, UserName user, Tables tables) {
        return new Put(
                tables.roster(event.room()).at(connection.value()),
                Item.of(SnapshotCodec.encode(new Member(user, event.seq()))).with("since", event.at()));
    }

    /** Renewed by every join: a room in use stays in the list, and an abandoned room expires from it after its state. */
    private static Write openRoomItem(
            ChatEvent.OfRoom event, Tables tables, Retention retention, Map<StreamId, Instant> expiries) {
        Instant listed = retention.listExpiry(event.at());
        return new Put(
                tables.openRooms().at(event.room().value()),
                Item.EMPTY
                        .with("created", event.created())
                        .expiring(later(listed, expiries.getOrDefault(StreamId.of(event.room()), listed))));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
