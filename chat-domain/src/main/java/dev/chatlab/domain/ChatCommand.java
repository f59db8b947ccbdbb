package dev.chatlab.domain;

import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/** A request to change the chat. There are seven commands, one for each function of the chat. */
public sealed interface ChatCommand {

    /** The connection that sent the command. */
    ConnectionId connection();

    /** When the host received the command. The domain has no clock of its own. */
    Instant at();

    /**
     * Opens a session: the host accepted a connection.
     *
     * @param identity the verified identity, if the host verified one
     */
    @Value.Builder
    record Connect(ConnectionId connection, Option<Identity> identity, Instant at) implements ChatCommand, WithConnect {

        /** A connection without a verified identity. */
        public Connect(ConnectionId connection, Instant at) {
            this(connection, Option.none(), at);
        }
    }

    /**
     * Reserves a user name for the connection.
     *
     * @param key takes the name over from another connection that registered it with the same key; from then on the name's key
     */
    @Value.Builder
    record RegisterUser(ConnectionId connection, UserName user, ResumeKey key, Instant at)
            implements ChatCommand, WithRegisterUser {}

    /** Creates a room with the connection as its first member. */
    @Value.Builder
    record CreateRoom(ConnectionId connection, RoomName room, Instant at) implements ChatCommand, WithCreateRoom {}

    /** Makes the connection a member of an open room. */
    @Value.Builder
    record JoinRoom(ConnectionId connection, RoomName room, Instant at) implements ChatCommand, WithJoinRoom {}

    /**
     * Sends a message to a room.
     *
     * @param room may be left out if the connection is in exactly one room
     * @param id the idempotency key: a message sent twice under one id is stored once
     */
    @Value.Builder
    record SendMessage(
            ConnectionId connection, Option<RoomName> room, MessageText text, Option<ClientMessageId> id, Instant at)
            implements ChatCommand, WithSendMessage {}

    /**
     * Ends the connection's membership of a room.
     *
     * @param room may be left out if the connection is in exactly one room
     */
    @Value.Builder
    record LeaveRoom(ConnectionId connection, Option<RoomName> room, Instant at)
            implements ChatCommand, WithLeaveRoom {}

    /** Ends the session: the connection is closed. */
    @Value.Builder
    record Disconnect(ConnectionId connection, Instant at) implements ChatCommand, WithDisconnect {}
}
