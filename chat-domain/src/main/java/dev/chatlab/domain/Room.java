package dev.chatlab.domain;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/** A room, open or closed: the state of a {@code room/…} stream. */
public sealed interface Room {

    /** A repeated message id is recognised if its message is among this many newest events of the room. */
    int DEDUPLICATION_WINDOW = 16;

    RoomName name();

    /** The number of the newest event, 0 if there is none. A room that is created again under its name continues the numbers. */
    long seq();

    /** The number of the event that created the room. For a closed room, the number of the newest event. */
    long created();

    /** A room name without an open room: the room was closed, or never created. */
    record Closed(RoomName name, long seq) implements Room {
        @Override
        public long created() {
            return seq;
        }
    }

    /**
     * An open room.
     *
     * @param created the number of the event that created it
     * @param members its members by connection
     * @param recent the messages with a message id among the last {@link #DEDUPLICATION_WINDOW} events, oldest first
     */
    @Value.Builder
    record Open(RoomName name, long created, long seq, Map<ConnectionId, Member> members, Seq<RecentMessage> recent)
            implements Room, WithOpen {

        /** The number of this user's message with this id, if it is among the {@link #recent} messages. */
        public Option<Long> seqOf(UserName user, ClientMessageId id) {
            long digest = RecentMessage.digest(user, id);
            return recent.findLast(message -> message.digest == digest).map(RecentMessage::seq);
        }

        /** The members' user names in the order of joining, without duplicates. */
        public Seq<UserName> roster() {
            return members.values()
                    .sortBy(Member::joined)
                    .map(Member::user)
                    .distinct()
                    .toVector();
        }

        /** This room with the number of a newer event, and without the messages that are no longer recent. */
        private Open advancedTo(long newest) {
            return withSeq(newest)
                    .withRecent(recent.dropWhile(message -> message.seq <= newest - DEDUPLICATION_WINDOW));
        }
    }

    /**
     * A member of a room.
     *
     * @param joined the number of the event by which it joined
     */
    record Member(UserName user, long joined) {}

    /**
     * A recent message that has a message id. It contains a 64-bit digest instead of the id, so that the recent messages are small
     * enough to be stored with each event. The probability that two of {@link #DEDUPLICATION_WINDOW} messages have the same digest is
     * below 2<sup>-57</sup>.
     *
     * @param digest the digest of the sender and the message id
     */
    record RecentMessage(long digest, long seq) {

        public static RecentMessage of(UserName user, ClientMessageId id, long seq) {
            return new RecentMessage(digest(user, id), seq);
        }

        /** The first 64 bits of the SHA-256 of the user name, a line feed (which no user name contains) and the message id. */
        static long digest(UserName user, ClientMessageId id) {
            return ByteBuffer.wrap(Sha256.of(user.value() + "\n" + id.value())).getLong();
        }
    }

    static Room unused(RoomName name) {
        return new Closed(name, 0);
    }

    static Room evolve(Room room, ChatEvent.OfRoom event) {
        return switch (event) {
            case ChatEvent.RoomCreated e ->
                new Open(
                        e.room(),
                        e.seq(),
                        e.seq(),
                        HashMap.of(e.connection(), new Member(e.user(), e.seq())),
                        Vector.empty());
            case ChatEvent.RoomJoined e ->
                next(
                        room,
                        e,
                        open -> open.withMembers(open.members.put(e.connection(), new Member(e.user(), e.seq()))));
            case ChatEvent.MessageSent e ->
                next(
                        room,
                        e,
                        open -> open.withRecent(
                                open.recent.appendAll(e.id().map(id -> RecentMessage.of(e.user(), id, e.seq())))));
            case ChatEvent.RoomLeft e -> next(room, e, open -> open.withMembers(open.members.remove(e.connection())));
            case ChatEvent.RoomClosed e -> new Closed(e.room(), e.seq());
        };
    }

    private static Room next(Room room, ChatEvent.OfRoom event, UnaryOperator<Open> change) {
        return switch (room) {
            case Open open -> change.apply(open).advancedTo(event.seq());
            case Closed closed -> new Closed(closed.name, event.seq());
        };
    }
}
