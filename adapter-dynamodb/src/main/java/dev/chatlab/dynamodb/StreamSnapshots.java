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
 * Converts the states of streams to snapshots and back. The newest event's item contains the snapshot after the event in the
 * attribute {@code state}. Without {@code state} there is no session, no reservation or no open room.
 *
 * <p>A room's snapshot contains the fingerprint of its roster instead of its members.
 */
final class StreamSnapshots {

    private StreamSnapshots() {}

    /** The snapshot of one stream. */
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

    static Session session(ConnectionId connection, Item snapshot) {
        return SnapshotCodec.session(connection, snapshot.values());
    }

    static NameReservation reservation(UserName user, Item snapshot) {
        return SnapshotCodec.reservation(user, snapshot.values());
    }

    static Room.Open room(RoomName name, long version, Item snapshot, Roster roster) {
        return SnapshotCodec.room(name, version, snapshot.values(), roster.members());
    }
}
