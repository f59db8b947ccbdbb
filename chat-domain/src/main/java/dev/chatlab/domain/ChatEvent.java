package dev.chatlab.domain;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/** A fact in the history of the chat. An event is appended to all of its {@link #streams} atomically. */
public sealed interface ChatEvent {

    /** The time of the command that caused this event. */
    Instant at();

    /** The streams that this event belongs to: exactly the streams whose state it changes. */
    Set<StreamId> streams();

    /** An event of a connection's stream. */
    sealed interface OfSession extends ChatEvent
            permits Connected, UserRegistered, RoomCreated, RoomJoined, RoomLeft, Disconnected {

        ConnectionId connection();
    }

    /** An event of a user name's stream. */
    sealed interface OfReservation extends ChatEvent permits UserRegistered, Disconnected {}

    /** An event of a room's stream. */
    sealed interface OfRoom extends ChatEvent permits RoomCreated, RoomJoined, MessageSent, RoomLeft, RoomClosed {

        RoomName room();

        /** The {@link #seq} of the {@link RoomCreated} event that created the room. A room name may be used again after the room closed. */
        long created();

        /**
         * The event's number: the version of the room's stream after this event. The numbers start at 1 and have no gaps. A room
         * that is created again under its name continues them.
         */
        long seq();
    }

    /**
     * A session was opened.
     *
     * @param identity the verified identity, if the host verified one
     */
    @Value.Builder
    record Connected(ConnectionId connection, Option<Identity> identity, Instant at)
            implements OfSession, WithConnected {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(connection));
        }
    }

    /**
     * A connection reserved a user name.
     *
     * @param key the digest of the resume key that takes the name over
     * @param expiresAt the time at which the reservation expires, if no event ends it earlier
     */
    @Value.Builder
    record UserRegistered(ConnectionId connection, UserName user, ResumeKey.Digest key, Instant expiresAt, Instant at)
            implements OfSession, OfReservation, WithUserRegistered {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(connection), StreamId.of(user));
        }
    }

    /** A room was created. The connection is its first member. */
    @Value.Builder
    record RoomCreated(RoomName room, long seq, ConnectionId connection, UserName user, Instant at)
            implements OfSession, OfRoom, WithRoomCreated {
        @Override
        public long created() {
            return seq;
        }

        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room), StreamId.of(connection));
        }
    }

    /** A connection became a member of a room. */
    @Value.Builder
    record RoomJoined(RoomName room, long created, long seq, ConnectionId connection, UserName user, Instant at)
            implements OfSession, OfRoom, WithRoomJoined {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room), StreamId.of(connection));
        }
    }

    /** A member sent a message. */
    @Value.Builder
    record MessageSent(
            RoomName room,
            long created,
            long seq,
            ConnectionId connection,
            UserName user,
            MessageText text,
            Option<ClientMessageId> id,
            Instant at)
            implements OfRoom, WithMessageSent {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room));
        }
    }

    /** A connection's membership of a room ended. */
    @Value.Builder
    record RoomLeft(RoomName room, long created, long seq, ConnectionId connection, UserName user, Instant at)
            implements OfSession, OfRoom, WithRoomLeft {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room), StreamId.of(connection));
        }
    }

    /** A room was closed. A new room may be created with its name. */
    @Value.Builder
    record RoomClosed(RoomName room, long created, long seq, Instant at) implements OfRoom, WithRoomClosed {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room));
        }
    }

    /**
     * A session ended, and with it the connection's name reservation.
     *
     * @param user the user name that the connection had reserved
     * @param supersededBy the connection that took the name over, if that ended the session
     */
    @Value.Builder
    record Disconnected(ConnectionId connection, Option<UserName> user, Option<ConnectionId> supersededBy, Instant at)
            implements OfSession, OfReservation, WithDisconnected {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(connection)).addAll(user.map(StreamId::of));
        }
    }
}
