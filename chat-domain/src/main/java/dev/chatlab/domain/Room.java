package dev.chatlab.domain;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/** A room name that has been used: the state of a {@code room/…} stream. */
public sealed interface Room {

    /** A client message id is recognised among this many of a room's newest events. */
    int RECALL = 16;

    RoomName name();

    /** The number of the newest event; numbers go on when a room is opened again. */
    long seq();

    /** The number of the event that opened it; of a closed room, the newest. */
    long created();

    /** No room of this name is open. */
    record Closed(RoomName name, long seq) implements Room {
        @Override
        public long created() {
            return seq;
        }
    }

    /**
     * A room that people can be in.
     *
     * @param created the number of the event that opened it
     * @param members who is in it, by connection
     * @param recent the messages with a client id among the last {@link #RECALL} events, oldest first
     */
    @Value.Builder
    record Open(RoomName name, long created, long seq, Map<ConnectionId, Member> members, Seq<Sent> recent)
            implements Room, WithOpen {

        /** The number under which this user's message with this id is stored, as far as the room recalls. */
        public Option<Long> sent(UserName user, ClientMessageId id) {
            long wanted = Sent.digest(user, id);
            return recent.findLast(message -> message.digest == wanted).map(Sent::seq);
        }

        private Open at(long newest) {
            return withSeq(newest).withRecent(recent.dropWhile(message -> message.seq <= newest - RECALL));
        }

        /** Everybody's name, in the order in which they joined; each once. */
        public Seq<UserName> roster() {
            return members.values()
                    .sortBy(Member::joined)
                    .map(Member::user)
                    .distinct()
                    .toVector();
        }
    }

    /** Somebody in a room, since the event of this number. */
    record Member(UserName user, long joined) {}

    /**
     * A message that a client gave an id. What is kept of the id is 64 bits of a hash, so that a store can keep all that a
     * room recalls beside each event: that two of {@link #RECALL} messages have the same one is as likely as 2<sup>-60</sup>.
     *
     * @param digest of who sent it and under which id
     */
    record Sent(long digest, long seq) {

        static Sent of(UserName user, ClientMessageId id, long seq) {
            return new Sent(digest(user, id), seq);
        }

        /** The first 64 bits of the SHA-256 of the user's name, a line feed (which no name holds) and the id. */
        static long digest(UserName user, ClientMessageId id) {
            return ByteBuffer.wrap(Sha256.of(user.value() + "\n" + id.value())).getLong();
        }
    }

    static Room never(RoomName name) {
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
                                open.recent.appendAll(e.id().map(id -> Sent.of(e.user(), id, e.seq())))));
            case ChatEvent.RoomLeft e -> next(room, e, open -> open.withMembers(open.members.remove(e.connection())));
            case ChatEvent.RoomClosed e -> new Closed(e.room(), e.seq());
        };
    }

    private static Room next(Room room, ChatEvent.OfRoom event, UnaryOperator<Open> change) {
        return switch (room) {
            case Open open -> change.apply(open).at(event.seq());
            case Closed closed -> new Closed(closed.name, event.seq());
        };
    }
}
