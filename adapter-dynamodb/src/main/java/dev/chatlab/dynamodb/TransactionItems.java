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
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.dynamodb.Tables.ItemKey;
import dev.chatlab.ports.Append;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an append does to the tables: an item for each event in each of its streams, where there must be none yet; and what the
 * events change of the lists. Whoever puts the events in first has the lists to itself.
 */
record TransactionItems(Seq<OfEvent> events, Seq<Write> lists) {

    /** Something done to one item. */
    sealed interface Write {
        ItemKey key();
    }

    /** An event, in one of its streams, where it is the one with this version. */
    record OfEvent(StreamId stream, long version, ItemKey key, Item item) implements Write {}

    /** Whatever was there before. */
    record Put(ItemKey key, Item item) implements Write {}

    record Delete(ItemKey key) implements Write {}

    static TransactionItems of(Append append, Tables tables, Retention retention) {
        Chat chat = append.stateBefore();
        Map<StreamId, Long> versions = append.expected().toJavaMap();
        Vector<OfEvent> events = Vector.empty();
        // A transaction touches an item once: what comes last of it is what stays.
        Map<ItemKey, Write> lists = new LinkedHashMap<>();
        for (ChatEvent event : append.events()) {
            for (StreamId stream : event.streams()) {
                chat = chat.evolve(stream, event);
                long version = versions.merge(stream, 1L, Long::sum);
                ItemKey key = tables.stream(stream).at(version);
                Item item = EventItems.item(event)
                        .with("append", append.id().value())
                        .expiring(retention.expires(stream, event.at()));
                events = events.append(new OfEvent(
                        stream,
                        version,
                        key,
                        StreamSnapshots.item(stream, chat).fold(() -> item, state -> item.with("state", state))));
            }
            lists(event, tables, retention).forEach(write -> lists.put(write.key(), write));
        }
        return new TransactionItems(events, Vector.ofAll(lists.values()));
    }

    Seq<Write> all() {
        return Vector.<Write>ofAll(events).appendAll(lists);
    }

    private static Seq<Write> lists(ChatEvent event, Tables tables, Retention retention) {
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
                Vector.of(joined(e, e.connection(), e.user(), e.at(), tables), listed(e, e.at(), tables, retention));
            case RoomJoined e ->
                Vector.of(joined(e, e.connection(), e.user(), e.at(), tables), listed(e, e.at(), tables, retention));
            case RoomLeft e ->
                Vector.of(new Delete(tables.roster(e.room()).at(e.connection().value())));
            case RoomClosed e ->
                Vector.of(new Delete(tables.openRooms().at(e.room().value())));
            case ChatEvent.Connected e -> Vector.empty();
            case ChatEvent.MessageSent e -> Vector.empty();
        };
    }

    /** Does not expire: a member that vanished would not be in the fingerprint any more, for whoever is left. */
    private static Write joined(
            ChatEvent.OfRoom event, ConnectionId connection, UserName user, Instant at, Tables tables) {
        return new Put(
                tables.roster(event.room()).at(connection.value()),
                Item.EMPTY
                        .with("user", user.value())
                        .with("joined", event.seq())
                        .with("since", at));
    }

    /** Listed anew by everyone who joins: so a room that is lived in stays listed, and one that died with its people does not. */
    private static Write listed(ChatEvent.OfRoom event, Instant at, Tables tables, Retention retention) {
        return new Put(
                tables.openRooms().at(event.room().value()),
                Item.EMPTY.with("created", event.created()).expiring(retention.listed(at)));
    }
}
