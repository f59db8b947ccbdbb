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
 * Several people, each with a service of its own as in processes of their own, who come, chat at random in a few rooms, and go.
 *
 * @param commands how many each of them gives in between
 */
public record ConcurrentClients(long seed, int people, int commands) {

    /** A room that there is in {@link #inTheHall} and {@link #beforeTheHall}. */
    static final RoomName HALL = new RoomName("hall");

    private static final Instant NOW = ChatArbitraries.START;
    private static final Vector<RoomName> ROOMS = Vector.of(HALL, new RoomName("attic"));

    /** Long enough that nobody has to be told that it is busy. */
    private static final ServiceSettings PATIENT =
            new ServiceSettings(Duration.ofSeconds(60), Duration.ZERO, Duration.ofMillis(2), 8, true);

    /**
     * Lets them live, and then looks: what was accepted is stored once, nothing else is, only members spoke, no number is
     * missing, and nobody and no room is left behind.
     */
    public void run(ChatStore store) {
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
        try (ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < people; i++) {
                TestClient person = new TestClient(i, new Random(seed + i), service(store));
                processes.execute(() -> {
                    try {
                        accepted.addAll(person.live(commands).asJava());
                    } catch (RuntimeException | Error e) {
                        broken.add(e);
                    }
                });
            }
        }
        assertThat(broken).isEmpty();
        Seq<ChatEvent> happened = ROOMS.flatMap(room -> store.read(StreamId.of(room), 0));
        assertThat(happened.filter(MessageSent.class::isInstance)
                        .map(event -> ((MessageSent) event).text().value()))
                .containsExactlyInAnyOrderElementsOf(accepted);
        ROOMS.forEach(room -> isLegal(store.read(StreamId.of(room), 0)));
        Eventually.assertThat(store::openRooms, rooms -> rooms.isEmpty());
        Eventually.assertThat(store::registered, users -> users.isEmpty());
    }

    /** All that they write to. */
    Set<StreamId> streams() {
        return Vector.range(0, people)
                .flatMap(i -> Vector.of(StreamId.of(connection(i)), StreamId.of(user(i))))
                .appendAll(ROOMS.map(StreamId::of))
                .toSet();
    }

    private static ChatService service(ChatStore store) {
        return new ChatService(
                store, (event, recipients) -> HashMap.empty(), ChatPolicy.DEFAULT, PATIENT, ChatObserver.NONE);
    }

    /** Whether only members spoke, and no number is missing. */
    public static void isLegal(Seq<ChatEvent> room) {
        Chat chat = Chat.EMPTY;
        long seq = 0;
        for (ChatEvent event : room) {
            ChatEvent.OfRoom next = (ChatEvent.OfRoom) event;
            assertThat(next.seq()).isEqualTo(++seq);
            if (next instanceof MessageSent message) {
                Option<Room.Open> open = chat.open(message.room());
                assertThat(open.exists(now -> now.members().containsKey(message.connection())))
                        .as("%s is a member of %s", message, open)
                        .isTrue();
                assertThat(message.created()).isEqualTo(open.get().created());
            }
            chat = chat.evolve(StreamId.of(next.room()), next);
        }
    }

    /** A scenario in which so many are in the hall. */
    static Scenario inTheHall(int members) {
        return scenario(members, members);
    }

    /** A scenario in which one is in the hall and so many more are not. */
    static Scenario beforeTheHall(int outside) {
        return scenario(outside + 1, 1);
    }

    private static Scenario scenario(int people, int members) {
        Scenario scenario = Scenario.empty(ChatPolicy.DEFAULT, NOW);
        for (int i = 0; i < people; i++) {
            scenario = scenario.after(connect(i)).after(register(i));
            if (i < members) {
                scenario = scenario.after(
                        i == 0 ? new CreateRoom(connection(i), HALL, NOW) : new JoinRoom(connection(i), HALL, NOW));
            }
        }
        return scenario;
    }

    private static ConnectionId connection(int i) {
        return new ConnectionId("p" + i);
    }

    private static UserName user(int i) {
        return new UserName("p" + i);
    }

    private static ChatCommand connect(int i) {
        return new Connect(connection(i), NOW);
    }

    private static ChatCommand register(int i) {
        return new RegisterUser(connection(i), user(i), new ResumeKey("the-key-of-person-" + i), NOW);
    }

    private record TestClient(int number, Random random, ChatService chat) {

        /** What of all that was said was accepted. */
        Seq<String> live(int commands) {
            Vector<String> accepted = Vector.empty();
            ConnectionId me = connection(number);
            insist(connect(number));
            insist(register(number));
            for (int i = 0; i < commands; i++) {
                RoomName room = ROOMS.get(random.nextInt(ROOMS.size()));
                switch (random.nextInt(8)) {
                    case 0 -> insist(new CreateRoom(me, room, NOW));
                    case 1, 2 -> insist(new JoinRoom(me, room, NOW));
                    case 3 -> insist(new LeaveRoom(me, Option.some(room), NOW));
                    default -> {
                        String text = me + " says " + i;
                        var id = Option.some(new ClientMessageId("id-" + i));
                        if (insist(new SendMessage(me, Option.some(room), new MessageText(text), id, NOW))) {
                            accepted = accepted.append(text);
                        }
                    }
                }
            }
            insist(new Disconnect(me, NOW));
            insist(new Disconnect(me, NOW));
            return accepted;
        }

        private boolean insist(ChatCommand command) {
            return switch (chat.handle(command)) {
                case Reply.Accepted accepted -> true;
                case Reply.Rejected rejected -> false;
                case Reply.Busy busy -> throw new AssertionError(command + " was never settled");
            };
        }
    }
}
