package dev.chatlab.ports.codec;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.NameReservation;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.nio.ByteBuffer;

/**
 * Converts the states of streams (snapshots) to plain maps and back. The values are {@code String}, {@code Long}, {@code byte[]}
 * and {@code List<String>}.
 *
 * <p>A room's snapshot does not contain its members, so that its size does not grow with them. A store keeps one entry for each
 * member and changes it when a connection joins or leaves.
 *
 * <p>Reading ignores unknown fields and does not check the limits of text, as {@link EventCodec} does. It throws a
 * {@link StoreException} that names a missing or wrong field. A snapshot has no schema version: the event that it is stored with
 * has one.
 */
public final class SnapshotCodec {

    /** The size of one recent message: 8 bytes for its digest, and one for its distance from the newest event. */
    private static final int RECENT_BYTES = Long.BYTES + 1;

    private SnapshotCodec() {}

    /** A session as a new, mutable map. */
    public static java.util.Map<String, Object> encode(Session session) {
        return Fields.empty()
                .with("connectedAt", session.connectedAt())
                .with("identity", session.identity())
                .with("user", session.user())
                .with(
                        "rooms",
                        session.rooms().toVector().map(RoomName::value).sorted().asJava())
                .values();
    }

    /** The session that a map contains. */
    public static Session session(ConnectionId connection, java.util.Map<String, Object> snapshot) {
        var fields = new Fields(snapshot);
        return new Session(
                connection,
                fields.instant("connectedAt"),
                fields.optional("identity", Identity::new),
                fields.optional("user", UserName::new),
                HashSet.ofAll(fields.texts("rooms")).map(RoomName::new));
    }

    /** A name reservation as a new, mutable map. */
    public static java.util.Map<String, Object> encode(NameReservation reservation) {
        return Fields.empty()
                .with("connection", reservation.connection().value())
                .with("key", reservation.key().value())
                .with("expiresAt", reservation.expiresAt())
                .values();
    }

    /** The name reservation that a map contains. */
    public static NameReservation reservation(UserName user, java.util.Map<String, Object> snapshot) {
        var fields = new Fields(snapshot);
        return new NameReservation(
                user,
                fields.value("connection", ConnectionId::new),
                new ResumeKey.Digest(fields.text("key")),
                fields.instant("expiresAt"));
    }

    /** An open room without its members, as a new, mutable map. */
    public static java.util.Map<String, Object> encode(Room.Open room) {
        ByteBuffer recent = ByteBuffer.allocate(room.recent().size() * RECENT_BYTES);
        room.recent().forEach(message -> recent.putLong(message.digest()).put((byte) (room.seq() - message.seq())));
        return Fields.empty()
                .with("created", room.created())
                .with("recent", recent.array())
                .values();
    }

    /**
     * The open room that a map contains.
     *
     * @param version the version of the room's stream
     * @param members the members at that version
     */
    public static Room.Open room(
            RoomName name,
            long version,
            java.util.Map<String, Object> snapshot,
            Map<ConnectionId, Room.Member> members) {
        var fields = new Fields(snapshot);
        return new Room.Open(name, fields.number("created"), version, members, recent(fields.bytes("recent"), version));
    }

    /** A room's member as a new, mutable map. */
    public static java.util.Map<String, Object> encode(Room.Member member) {
        return Fields.empty()
                .with("user", member.user().value())
                .with("joined", member.joined())
                .values();
    }

    /** The member that a map contains. */
    public static Room.Member member(java.util.Map<String, Object> map) {
        var fields = new Fields(map);
        return new Room.Member(fields.value("user", UserName::new), fields.number("joined"));
    }

    private static Seq<Room.RecentMessage> recent(byte[] encoded, long version) {
        if (encoded.length % RECENT_BYTES != 0) {
            throw Fields.wrong("recent", "a list of entries of " + RECENT_BYTES + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        Vector<Room.RecentMessage> recent = Vector.empty();
        while (bytes.hasRemaining()) {
            recent = recent.append(new Room.RecentMessage(bytes.getLong(), version - bytes.get()));
        }
        return recent;
    }
}
