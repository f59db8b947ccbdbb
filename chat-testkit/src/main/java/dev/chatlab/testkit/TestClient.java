package dev.chatlab.testkit;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.control.Option;
import java.time.Instant;

/**
 * A client in a {@link Story}: a connection with a user name and a resume key. It makes the client's commands and the events that
 * they cause, all at the time {@link #NOW}; {@code withAt} changes the time.
 */
public record TestClient(ConnectionId connection, UserName user, ResumeKey key) {

    /** The time of all commands and events. */
    public static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

    /** A client with the user name {@code ann}. */
    public static final TestClient ANN = named("ann");
    /** A client with the user name {@code bob}. */
    public static final TestClient BOB = named("bob");
    /** A client with the user name {@code cat}. */
    public static final TestClient CAT = named("cat");

    /** A client with this user name, and a connection and a resume key that no other client has. */
    public static TestClient named(String name) {
        return new TestClient(
                new ConnectionId("connection-of-" + name), new UserName(name), new ResumeKey("secret-key-of-" + name));
    }

    /** The same user on another connection. */
    public TestClient on(String connection) {
        return new TestClient(new ConnectionId(connection), user, key);
    }

    /** The same connection and user name with another resume key. */
    public TestClient showing(String otherKey) {
        return new TestClient(connection, user, new ResumeKey(otherKey));
    }

    // --- commands ---

    /** Opens the session. */
    public ChatCommand.Connect connect() {
        return new ChatCommand.Connect(connection, NOW);
    }

    /** Registers the user name with the resume key. */
    public ChatCommand.RegisterUser register() {
        return new ChatCommand.RegisterUser(connection, user, key, NOW);
    }

    /** Creates a room. */
    public ChatCommand.CreateRoom create(String room) {
        return new ChatCommand.CreateRoom(connection, new RoomName(room), NOW);
    }

    /** Joins a room. */
    public ChatCommand.JoinRoom join(String room) {
        return new ChatCommand.JoinRoom(connection, new RoomName(room), NOW);
    }

    /** Sends a message to a room, without a message id. */
    public ChatCommand.SendMessage say(String room, String text) {
        return say(text).withRoom(Option.some(new RoomName(room)));
    }

    /** Sends a message to a room, with a message id. */
    public ChatCommand.SendMessage say(String room, String text, String id) {
        return say(room, text).withId(Option.some(new ClientMessageId(id)));
    }

    /** A message without a room: it goes to the only room that the connection is a member of. */
    public ChatCommand.SendMessage say(String text) {
        return new ChatCommand.SendMessage(connection, Option.none(), new MessageText(text), Option.none(), NOW);
    }

    /** Leaves a room. */
    public ChatCommand.LeaveRoom leave(String room) {
        return leave().withRoom(Option.some(new RoomName(room)));
    }

    /** Without a room: leaves the only room that the connection is a member of. */
    public ChatCommand.LeaveRoom leave() {
        return new ChatCommand.LeaveRoom(connection, Option.none(), NOW);
    }

    /** Ends the session. */
    public ChatCommand.Disconnect disconnect() {
        return new ChatCommand.Disconnect(connection, NOW);
    }

    // --- events ---

    /** The session was opened. */
    public ChatEvent.Connected connected() {
        return new ChatEvent.Connected(connection, Option.none(), NOW);
    }

    /** The registration of a connection that connected at {@link #NOW}, under the default policy. */
    public ChatEvent.UserRegistered registered() {
        return new ChatEvent.UserRegistered(
                connection, user, key.digest(), NOW.plus(ChatPolicy.DEFAULT.connectionLifetime()), NOW);
    }

    /** The client created a room. */
    public ChatEvent.RoomCreated created(String room, long seq) {
        return new ChatEvent.RoomCreated(new RoomName(room), seq, connection, user, NOW);
    }

    /** The client joined a room. */
    public ChatEvent.RoomJoined joined(String room, long created, long seq) {
        return new ChatEvent.RoomJoined(new RoomName(room), created, seq, connection, user, NOW);
    }

    /** The client sent a message without a message id. */
    public ChatEvent.MessageSent said(String room, long created, long seq, String text) {
        return new ChatEvent.MessageSent(
                new RoomName(room), created, seq, connection, user, new MessageText(text), Option.none(), NOW);
    }

    /** The client sent a message with a message id. */
    public ChatEvent.MessageSent said(String room, long created, long seq, String text, String id) {
        return said(room, created, seq, text).withId(Option.some(new ClientMessageId(id)));
    }

    /** The client left a room. */
    public ChatEvent.RoomLeft left(String room, long created, long seq) {
        return new ChatEvent.RoomLeft(new RoomName(room), created, seq, connection, user, NOW);
    }

    /** The session ended. */
    public ChatEvent.Disconnected disconnected() {
        return new ChatEvent.Disconnected(connection, Option.some(user), Option.none(), NOW);
    }

    /** The end of the session, caused by another connection that took the user name over. */
    public ChatEvent.Disconnected supersededBy(TestClient successor) {
        return disconnected().withSupersededBy(Option.some(successor.connection));
    }
}
