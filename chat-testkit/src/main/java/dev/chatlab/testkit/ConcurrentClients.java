package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.application.ServiceSettings;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.Disconnect;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.ChatStore;
import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A load of concurrent clients on one store. Each client has a {@link ChatService} of its own, as if each ran in a process of its
 * own. It registers, executes random commands in two rooms, and disconnects.
 *
 * @param seed the seed of the random commands
 * @param clients the number of clients
 * @param commands the number of random commands of each client
 */
public record ConcurrentClients(long seed, int clients, int commands) {

    private static final Instant NOW = ChatArbitraries.START;
    private static final Vector<RoomName> ROOMS = Vector.of(new RoomName("hall"), new RoomName("attic"));

    /** With a deadline so long that no command is answered with {@link Reply.Busy}. */
    private static final ServiceSettings SETTINGS =
            new ServiceSettings(Duration.ofSeconds(60), Duration.ZERO, Duration.ofMillis(2), 8, true);

    /**
     * Runs all clients on a store and checks the store afterwards: every accepted message is stored once, no other message is
     * stored, only members sent messages, the numbers of each room have no gap, and no open room and no registered user is left.
     *
     * @throws AssertionError if a check fails, or if a command failed or was answered with {@link Reply.Busy}
     */
    public void run(ChatStore store) {
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                Client client = new Client(i, new Random(seed + i), service(store));
                threads.execute(() -> {
                    try {
                        accepted.addAll(client.run(commands).asJava());
                    } catch (RuntimeException | Error e) {
                        failures.add(e);
                    }
                });
            }
        }
        assertThat(failures).isEmpty();
        Seq<ChatEvent> events = ROOMS.flatMap(room -> store.read(StreamId.of(room), 0));
        assertThat(events.filter(MessageSent.class::isInstance)
                        .map(event -> ((MessageSent) event).text().value()))
                .containsExactlyInAnyOrderElementsOf(accepted);
        ROOMS.forEach(room -> assertLegal(store.read(StreamId.of(room), 0)));
        Eventually.await(store::openRooms, rooms -> rooms.isEmpty());
        Eventually.await(store::registered, users -> users.isEmpty());
    }

    /** The streams that the clients append to. */
    Set<StreamId> streams() {
        return Vector.range(0, clients)
                .flatMap(i -> Vector.of(StreamId.of(connection(i)), StreamId.of(user(i))))
                .appendAll(ROOMS.map(StreamId::of))
                .toSet();
    }

    private static ChatService service(ChatStore store) {
        return new ChatService(
                store, (event, recipients) -> HashMap.empty(), ChatPolicy.DEFAULT, SETTINGS, ChatObserver.NONE);
    }

    /** Checks that only members sent messages, and that the numbers have no gap. */
    private static void assertLegal(Seq<ChatEvent> roomEvents) {
        Chat chat = Chat.EMPTY;
        long seq = 0;
        for (ChatEvent event : roomEvents) {
            ChatEvent.OfRoom next = (ChatEvent.OfRoom) event;
            assertThat(next.seq()).isEqualTo(++seq);
            if (next instanceof MessageSent message) {
                Option<Room.Open> room = chat.open(message.room());
                assertThat(room.exists(open -> open.members().containsKey(message.connection())))
                        .as("the sender of %s is a member of %s", message, room)
                        .isTrue();
                assertThat(message.created()).isEqualTo(room.get().created());
            }
            chat = chat.evolve(StreamId.of(next.room()), next);
        }
    }

    private static ConnectionId connection(int i) {
        return new ConnectionId("client-" + i);
    }

    private static UserName user(int i) {
        return new UserName("user-" + i);
    }

    private record Client(int number, Random random, ChatService chat) {

        /** Executes random commands, and returns the texts of the messages that were accepted. */
        Seq<String> run(int commands) {
            Vector<String> accepted = Vector.empty();
            ConnectionId connection = connection(number);
            execute(new Connect(connection, NOW));
            execute(new RegisterUser(connection, user(number), new ResumeKey("the-key-of-client-" + number), NOW));
            for (int i = 0; i < commands; i++) {
                RoomName room = ROOMS.get(random.nextInt(ROOMS.size()));
                switch (random.nextInt(8)) {
                    case 0 -> execute(new CreateRoom(connection, room, NOW));
                    case 1, 2 -> execute(new JoinRoom(connection, room, NOW));
                    case 3 -> execute(new LeaveRoom(connection, Option.some(room), NOW));
                    default -> {
                        String text = "message " + i + " of " + connection;
                        var id = Option.some(new ClientMessageId("id-" + i));
                        if (execute(new SendMessage(connection, Option.some(room), new MessageText(text), id, NOW))) {
                            accepted = accepted.append(text);
                        }
                    }
                }
            }
            // A host may report the end of a connection twice.
            execute(new Disconnect(connection, NOW));
            execute(new Disconnect(connection, NOW));
            return accepted;
        }

        /** Executes a command, and returns whether it was accepted. */
        private boolean execute(ChatCommand command) {
            return switch (chat.handle(command)) {
                case Reply.Accepted accepted -> true;
                case Reply.Rejected rejected -> false;
                case Reply.Busy busy -> throw new AssertionError(command + " was answered with Busy");
            };
        }
    }
}
