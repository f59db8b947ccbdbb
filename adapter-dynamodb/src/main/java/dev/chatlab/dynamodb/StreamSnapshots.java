package dev.chatlab.dynamodb;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.NameReservation;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.codec.SnapshotCodec;
import io.vavr.control.Option;

/**
 * Snapshots of streams as DynamoDB keeps them: the newest event's item carries the state after it in the attribute
 * {@code state}. No {@code state} means that there is no session, no reservation or no open room.
 *
 * <p>A room's snapshot contains the fingerprint of its roster instead of its members.
 */
final class StreamSnapshots {

    private StreamSnapshots() {}

    static Option<Item> item(StreamId stream, Chat chat) {
        return switch (stream) {
            case StreamId.OfConnection(var connection) ->
                chat.sessions().get(connection).map(SnapshotCodec::encode).map(Item::of);
            case StreamId.OfUser(var user) ->
                chat.reservations().get(user).map(SnapshotCodec::encode).map(Item::of);
            case StreamId.OfRoom(var room) ->
                chat.open(room)
                        .map(open -> Item.of(SnapshotCodec.encode(open))
                                .with("roster", new Roster(open.members()).fingerprint()));
        };
    }

    static Session session(ConnectionId connection, Item state) {
        return SnapshotCodec.session(connection, state.values());
    }

    static NameReservation reservation(UserName user, Item state) {
        return SnapshotCodec.reservation(user, state.values());
    }

    static Room.Open room(RoomName name, long version, Item state, Roster roster) {
        return SnapshotCodec.room(name, version, state.values(), roster.members());
    }
}
