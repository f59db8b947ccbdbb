package dev.chatlab.testkit.application;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.control.Option;
import java.time.Instant;

/** Commands in short form. A user's connection has the user's name as its id. */
final class Commands {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private Commands() {}

    static ConnectionId connection(String user) {
        return new ConnectionId(user);
    }

    static ChatCommand connect(String user) {
        return new ChatCommand.Connect(connection(user), NOON);
    }

    static ChatCommand register(String user) {
        return register(user, user);
    }

    /** Registers a name with the name's own resume key, from a connection of any id. */
    static ChatCommand register(String connection, String user) {
        return new ChatCommand.RegisterUser(
                connection(connection),
                new UserName(user),
                new ResumeKey("the-secret-of-" + user + "-0123456789"),
                NOON);
    }

    static ChatCommand createRoom(String user, String room) {
        return new ChatCommand.CreateRoom(connection(user), new RoomName(room), NOON);
    }

    static ChatCommand join(String user, String room) {
        return new ChatCommand.JoinRoom(connection(user), new RoomName(room), NOON);
    }

    static ChatCommand.SendMessage send(String user, String room, String text) {
        return new ChatCommand.SendMessage(
                connection(user), Option.some(new RoomName(room)), new MessageText(text), Option.none(), NOON);
    }

    static ChatCommand.SendMessage send(String user, String room, String text, String id) {
        return send(user, room, text).withId(Option.some(new ClientMessageId(id)));
    }

    static ChatCommand leave(String user, String room) {
        return new ChatCommand.LeaveRoom(connection(user), Option.some(new RoomName(room)), NOON);
    }

    static ChatCommand disconnect(String user) {
        return new ChatCommand.Disconnect(connection(user), NOON);
    }

    /** Executes the commands one after another. Each must be accepted. */
    static void execute(ChatService chat, ChatCommand... commands) {
        for (ChatCommand command : commands) {
            Reply reply = chat.handle(command);
            if (!(reply instanceof Reply.Accepted)) {
                throw new AssertionError(command + " was not accepted: " + reply);
            }
        }
    }
}
