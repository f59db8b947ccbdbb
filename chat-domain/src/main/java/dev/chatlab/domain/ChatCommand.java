package dev.chatlab.domain;

import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/** A request to change the chat. There are seven commands. */
public sealed interface ChatCommand {

    /** The connection that sent the command. */
    ConnectionId connection();

    /** The time at which the host received the command. The domain has no clock. */
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
     * Reserves a user name for the connection. Takes the name over if another connection reserved it with the same key, or if
     * that reservation has expired.
     *
     * @param key the secret with which the client can take the name over later, on another connection
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
     * @param room may be absent if the connection is in exactly one room
     * @param id the idempotency key: a message that is sent twice with one id is stored once
     */
    @Value.Builder
    record SendMessage(
            ConnectionId connection, Option<RoomName> room, MessageText text, Option<ClientMessageId> id, Instant at)
            implements ChatCommand, WithSendMessage {}

    /**
     * Ends the connection's membership of a room.
     *
     * @param room may be absent if the connection is in exactly one room
     */
    @Value.Builder
    record LeaveRoom(ConnectionId connection, Option<RoomName> room, Instant at)
            implements ChatCommand, WithLeaveRoom {}

    /** Ends the session: the connection is closed. */
    @Value.Builder
    record Disconnect(ConnectionId connection, Instant at) implements ChatCommand, WithDisconnect {}
}
