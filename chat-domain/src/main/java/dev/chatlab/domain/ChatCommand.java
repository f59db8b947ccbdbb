package dev.chatlab.domain;

import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/** What somebody asks of the chat, and when. Each of the seven functions is one command. */
public sealed interface ChatCommand {

    /** Whose wish it is. */
    ConnectionId connection();

    /** When it was made; the domain has no clock of its own. */
    Instant at();

    /**
     * A connection has been accepted.
     *
     * @param identity who was verified to be at its other end, if anyone
     */
    @Value.Builder
    record Connect(ConnectionId connection, Option<Identity> identity, Instant at) implements ChatCommand, WithConnect {

        /** Somebody whose identity was not asked for. */
        public Connect(ConnectionId connection, Instant at) {
            this(connection, Option.none(), at);
        }
    }

    /**
     * The connection wants to be known by a name.
     *
     * @param key takes the name over if it is the key that the name's holder registered with; from now on the name's key
     */
    @Value.Builder
    record RegisterUser(ConnectionId connection, UserName user, ResumeKey key, Instant at)
            implements ChatCommand, WithRegisterUser {}

    /** Open a room, and be its first member. */
    @Value.Builder
    record CreateRoom(ConnectionId connection, RoomName room, Instant at) implements ChatCommand, WithCreateRoom {}

    /** Become a member of an open room. */
    @Value.Builder
    record JoinRoom(ConnectionId connection, RoomName room, Instant at) implements ChatCommand, WithJoinRoom {}

    /**
     * Say something to a room.
     *
     * @param room may be left out by whoever is in exactly one
     * @param id makes sending twice sending once
     */
    @Value.Builder
    record SendMessage(
            ConnectionId connection, Option<RoomName> room, MessageText text, Option<ClientMessageId> id, Instant at)
            implements ChatCommand, WithSendMessage {}

    /**
     * Stop being a member of a room.
     *
     * @param room may be left out by whoever is in exactly one
     */
    @Value.Builder
    record LeaveRoom(ConnectionId connection, Option<RoomName> room, Instant at)
            implements ChatCommand, WithLeaveRoom {}

    /** The connection is gone. */
    @Value.Builder
    record Disconnect(ConnectionId connection, Instant at) implements ChatCommand, WithDisconnect {}
}
