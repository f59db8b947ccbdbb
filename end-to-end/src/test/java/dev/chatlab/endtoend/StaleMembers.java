package dev.chatlab.endtoend;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.application.ResumeKeys;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.ChatStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Members whose connections are gone while the tables still contain their sessions. */
final class StaleMembers {

    private final ChatService service;

    StaleMembers(ChatStore store) {
        service = new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty());
    }

    /** Stores a user who created a room and whose connection is gone. */
    void opens(String name, String room) {
        ConnectionId connection = registered(name);
        handle(new ChatCommand.CreateRoom(connection, new RoomName(room), Instant.now()));
    }

    /** Stores a user who joined a room and whose connection is gone. */
    void joins(String name, String room) {
        ConnectionId connection = registered(name);
        handle(new ChatCommand.JoinRoom(connection, new RoomName(room), Instant.now()));
    }

    private ConnectionId registered(String name) {
        var connection = new ConnectionId(Base64.getEncoder()
                .encodeToString((name + "-ghost-0000").substring(0, 11).getBytes(StandardCharsets.UTF_8)));
        handle(new ChatCommand.Connect(connection, Instant.now()));
        handle(new ChatCommand.RegisterUser(connection, new UserName(name), ResumeKeys.random(), Instant.now()));
        return connection;
    }

    private void handle(ChatCommand command) {
        if (!(service.handle(command) instanceof Reply.Accepted)) {
            throw new AssertionError("not accepted: " + command);
        }
    }
}
