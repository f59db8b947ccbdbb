package dev.chatlab.dynamodb;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.Claim;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.ByteBuffer;

/**
 * What a stream has come to, as its newest event's item carries it in {@code state}; no {@code state}, and there is no session,
 * no claim, no open room. A room's members are not in it but in the roster, of which it has the fingerprint.
 */
final class HeadState {

    /** A digest of 8 bytes, and how many events ago, in one. */
    private static final int SENT_BYTES = Long.BYTES + 1;

    private HeadState() {}

    static Option<Item> item(StreamId stream, Chat chat) {
        return switch (stream) {
            case StreamId.OfConnection(var connection) ->
                chat.sessions().get(connection).map(HeadState::item);
            case StreamId.OfUser(var user) -> chat.claims().get(user).map(HeadState::item);
            case StreamId.OfRoom(var room) -> chat.open(room).map(HeadState::item);
        };
    }

    private static Item item(Session session) {
        return Item.EMPTY
                .with("connectedAt", session.connectedAt())
                .with("identity", session.identity())
                .with("user", session.user())
                .with(
                        "rooms",
                        session.rooms().toVector().map(RoomName::value).sorted().asJava());
    }

    static Session session(ConnectionId connection, Item state) {
        return new Session(
                connection,
                state.instant("connectedAt"),
                state.optional("identity", Identity::new),
                state.optional("user", UserName::new),
                HashSet.ofAll(state.texts("rooms")).map(RoomName::new));
    }

    private static Item item(Claim claim) {
        return Item.EMPTY
                .with("connection", claim.connection().value())
                .with("key", claim.key().value())
                .with("lapses", claim.lapses());
    }

    static Claim claim(UserName user, Item state) {
        return new Claim(
                user,
                state.value("connection", ConnectionId::new),
                new ResumeKey.Digest(state.text("key")),
                state.instant("lapses"));
    }

    private static Item item(Room.Open room) {
        ByteBuffer recent = ByteBuffer.allocate(room.recent().size() * SENT_BYTES);
        room.recent().forEach(sent -> recent.putLong(sent.digest()).put((byte) (room.seq() - sent.seq())));
        return Item.EMPTY
                .with("created", room.created())
                .with("roster", new Roster(room.members()).fingerprint())
                .with("recent", recent.array());
    }

    static Room.Open room(RoomName name, long version, Item state, Roster roster) {
        return new Room.Open(name, state.number("created"), version, roster.members(), recent(state, version));
    }

    private static Seq<Room.Sent> recent(Item state, long version) {
        ByteBuffer bytes = ByteBuffer.wrap(state.bytes("recent"));
        Vector<Room.Sent> recent = Vector.empty();
        while (bytes.remaining() >= SENT_BYTES) {
            recent = recent.append(new Room.Sent(bytes.getLong(), version - bytes.get()));
        }
        return recent;
    }
}
