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

/** RecordingGateway whose connections are gone, without the chat having been told: the tables still have them. */
final class Ghosts {

    private final ChatService service;

    Ghosts(ChatStore store) {
        service = new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty());
    }

    /** Somebody who opened a room and vanished. */
    void opens(String name, String room) {
        ConnectionId connection = registered(name);
        handle(new ChatCommand.CreateRoom(connection, new RoomName(room), Instant.now()));
    }

    /** Somebody who joined a room and vanished. */
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
