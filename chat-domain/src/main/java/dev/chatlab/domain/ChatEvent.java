package dev.chatlab.domain;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/** What happened, for ever. An event is appended to each of its {@link #streams} atomically. */
public sealed interface ChatEvent {

    /** When the command was made that this event came of. */
    Instant at();

    /** The streams it belongs to: those whose state it changes. */
    Set<StreamId> streams();

    /** An event in the life of a connection. */
    sealed interface OfSession extends ChatEvent
            permits Connected, UserRegistered, RoomCreated, RoomJoined, RoomLeft, Disconnected {

        ConnectionId connection();
    }

    /** An event in the life of a user name. */
    sealed interface OfClaim extends ChatEvent permits UserRegistered, Disconnected {}

    /** An event in a room; each has its place in the room's one order. */
    sealed interface OfRoom extends ChatEvent permits RoomCreated, RoomJoined, MessageSent, RoomLeft, RoomClosed {

        RoomName room();

        /** Where this life of the room began: the {@link #seq} of its {@link RoomCreated}. */
        long created();

        /** From 1, without gaps, over all lives of the room; also the version of the room's stream after this event. */
        long seq();
    }

    /**
     * A connection was accepted.
     *
     * @param identity who was verified to be at its other end, if anyone
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
     * A connection claimed a user name.
     *
     * @param key what must be shown to take the name over
     * @param lapses when the claim lapses by itself
     */
    @Value.Builder
    record UserRegistered(ConnectionId connection, UserName user, ResumeKey.Digest key, Instant lapses, Instant at)
            implements OfSession, OfClaim, WithUserRegistered {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(connection), StreamId.of(user));
        }
    }

    /** A room was opened; who opened it is its first member. */
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

    /** Somebody became a member of a room. */
    @Value.Builder
    record RoomJoined(RoomName room, long created, long seq, ConnectionId connection, UserName user, Instant at)
            implements OfSession, OfRoom, WithRoomJoined {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room), StreamId.of(connection));
        }
    }

    /** A member said something. */
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

    /** Somebody stopped being a member of a room. */
    @Value.Builder
    record RoomLeft(RoomName room, long created, long seq, ConnectionId connection, UserName user, Instant at)
            implements OfSession, OfRoom, WithRoomLeft {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room), StreamId.of(connection));
        }
    }

    /** A room ended; another may open under its name. */
    @Value.Builder
    record RoomClosed(RoomName room, long created, long seq, Instant at) implements OfRoom, WithRoomClosed {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(room));
        }
    }

    /**
     * A connection ended, and with it its claim.
     *
     * @param user the name that is free again
     * @param supersededBy the connection that took the name over, if that is why
     */
    @Value.Builder
    record Disconnected(ConnectionId connection, Option<UserName> user, Option<ConnectionId> supersededBy, Instant at)
            implements OfSession, OfClaim, WithDisconnected {
        @Override
        public Set<StreamId> streams() {
            return HashSet.of(StreamId.of(connection)).addAll(user.map(StreamId::of));
        }
    }
}
