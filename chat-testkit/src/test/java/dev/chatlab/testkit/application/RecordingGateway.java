package dev.chatlab.testkit.application;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Gateway;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** RecordingGateway at their connections: what they do, and what they are told. */
final class RecordingGateway implements Gateway {

    static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Set<ConnectionId> gone = ConcurrentHashMap.newKeySet();

    @Override
    public Map<ConnectionId, Delivery> deliver(ChatEvent event, io.vavr.collection.Set<ConnectionId> recipients) {
        return recipients.toMap(recipient -> recipient, recipient -> deliver(recipient, event));
    }

    private Delivery deliver(ConnectionId to, ChatEvent event) {
        if (gone.contains(to)) {
            return Delivery.GONE;
        }
        told.add(new Told(to.value(), event));
        return Delivery.DELIVERED;
    }

    /** From now on nobody is at this connection, and nobody has said so. */
    void vanish(String who) {
        gone.add(connection(who));
    }

    /** What this connection has been told, in the order in which it was told. */
    List<ChatEvent> toldTo(String who) {
        return told.stream().filter(t -> t.to.equals(who)).map(Told::event).toList();
    }

    static ConnectionId connection(String who) {
        return new ConnectionId(who);
    }

    static ChatCommand connect(String who) {
        return new ChatCommand.Connect(connection(who), NOON);
    }

    static ChatCommand register(String who) {
        return register(who, who, "the-secret-of-" + who + "-0123456789");
    }

    static ChatCommand register(String who, String name, String key) {
        return new ChatCommand.RegisterUser(connection(who), new UserName(name), new ResumeKey(key), NOON);
    }

    static ChatCommand openRoom(String who, String room) {
        return new ChatCommand.CreateRoom(connection(who), new RoomName(room), NOON);
    }

    static ChatCommand join(String who, String room) {
        return new ChatCommand.JoinRoom(connection(who), new RoomName(room), NOON);
    }

    static ChatCommand.SendMessage say(String who, String room, String text) {
        return new ChatCommand.SendMessage(
                connection(who), Option.some(new RoomName(room)), new MessageText(text), Option.none(), NOON);
    }

    static ChatCommand.SendMessage say(String who, String room, String text, String id) {
        return say(who, room, text).withId(Option.some(new ClientMessageId(id)));
    }

    static ChatCommand leave(String who, String room) {
        return new ChatCommand.LeaveRoom(connection(who), Option.some(new RoomName(room)), NOON);
    }

    static ChatCommand disconnect(String who) {
        return new ChatCommand.Disconnect(connection(who), NOON);
    }

    /** Carries these out, one after the other; each must be accepted. */
    static void given(ChatService chat, ChatCommand... commands) {
        for (ChatCommand command : commands) {
            if (!(chat.handle(command) instanceof Reply.Accepted)) {
                throw new AssertionError(command + " was not accepted");
            }
        }
    }

    private record Told(String to, ChatEvent event) {}
}
