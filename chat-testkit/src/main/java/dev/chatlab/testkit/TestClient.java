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
 * Somebody in a story: what they ask, and what happens when they do. All of it {@link #NOW}, but for what
 * {@code withAt} moves.
 */
public record TestClient(ConnectionId connection, UserName user, ResumeKey key) {

    /** When stories happen. */
    public static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

    public static final TestClient ANN = named("ann");
    public static final TestClient BOB = named("bob");
    public static final TestClient CAT = named("cat");

    /** Somebody on a connection and with a key of their own. */
    public static TestClient named(String name) {
        return new TestClient(
                new ConnectionId("connection-of-" + name), new UserName(name), new ResumeKey("secret-key-of-" + name));
    }

    /** The same person, come back on another connection. */
    public TestClient on(String connection) {
        return new TestClient(new ConnectionId(connection), user, key);
    }

    /** The same person without the key, or somebody who only reservations to be that person. */
    public TestClient showing(String otherKey) {
        return new TestClient(connection, user, new ResumeKey(otherKey));
    }

    // --- what they ask ---

    public ChatCommand.Connect connect() {
        return new ChatCommand.Connect(connection, NOW);
    }

    public ChatCommand.RegisterUser register() {
        return new ChatCommand.RegisterUser(connection, user, key, NOW);
    }

    public ChatCommand.CreateRoom create(String room) {
        return new ChatCommand.CreateRoom(connection, new RoomName(room), NOW);
    }

    public ChatCommand.JoinRoom join(String room) {
        return new ChatCommand.JoinRoom(connection, new RoomName(room), NOW);
    }

    public ChatCommand.SendMessage say(String room, String text) {
        return say(text).withRoom(Option.some(new RoomName(room)));
    }

    public ChatCommand.SendMessage say(String room, String text, String id) {
        return say(room, text).withId(Option.some(new ClientMessageId(id)));
    }

    /** To the only room that they are in. */
    public ChatCommand.SendMessage say(String text) {
        return new ChatCommand.SendMessage(connection, Option.none(), new MessageText(text), Option.none(), NOW);
    }

    public ChatCommand.LeaveRoom leave(String room) {
        return leave().withRoom(Option.some(new RoomName(room)));
    }

    /** The only room that they are in. */
    public ChatCommand.LeaveRoom leave() {
        return new ChatCommand.LeaveRoom(connection, Option.none(), NOW);
    }

    public ChatCommand.Disconnect disconnect() {
        return new ChatCommand.Disconnect(connection, NOW);
    }

    // --- what happens ---

    public ChatEvent.Connected connected() {
        return new ChatEvent.Connected(connection, Option.none(), NOW);
    }

    /** On a connection that is as new as {@link #NOW}, under the default policy. */
    public ChatEvent.UserRegistered registered() {
        return new ChatEvent.UserRegistered(
                connection, user, key.digest(), NOW.plus(ChatPolicy.DEFAULT.connectionLifetime()), NOW);
    }

    public ChatEvent.RoomCreated created(String room, long seq) {
        return new ChatEvent.RoomCreated(new RoomName(room), seq, connection, user, NOW);
    }

    public ChatEvent.RoomJoined joined(String room, long created, long seq) {
        return new ChatEvent.RoomJoined(new RoomName(room), created, seq, connection, user, NOW);
    }

    public ChatEvent.MessageSent said(String room, long created, long seq, String text) {
        return new ChatEvent.MessageSent(
                new RoomName(room), created, seq, connection, user, new MessageText(text), Option.none(), NOW);
    }

    public ChatEvent.MessageSent said(String room, long created, long seq, String text, String id) {
        return said(room, created, seq, text).withId(Option.some(new ClientMessageId(id)));
    }

    public ChatEvent.RoomLeft left(String room, long created, long seq) {
        return new ChatEvent.RoomLeft(new RoomName(room), created, seq, connection, user, NOW);
    }

    public ChatEvent.Disconnected disconnected() {
        return new ChatEvent.Disconnected(connection, Option.some(user), Option.none(), NOW);
    }

    /** Their session is closed, because their name went to another connection. */
    public ChatEvent.Disconnected supersededBy(TestClient successor) {
        return disconnected().withSupersededBy(Option.some(successor.connection));
    }
}
