package dev.chatlab.inmemory;

import static dev.chatlab.inmemory.People.connect;
import static dev.chatlab.inmemory.People.disconnect;
import static dev.chatlab.inmemory.People.join;
import static dev.chatlab.inmemory.People.leave;
import static dev.chatlab.inmemory.People.openRoom;
import static dev.chatlab.inmemory.People.register;
import static dev.chatlab.inmemory.People.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatObserver;
import dev.chatlab.ports.ChatService;
import dev.chatlab.ports.Reply;
import dev.chatlab.ports.ServiceSettings;
import io.vavr.collection.Seq;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Several services, as in several processes, on one store that lags, conflicts, and loses requests and answers. */
class FaultyCrowdTest {

    private static final List<String> ROOMS = List.of("hall", "attic");
    private static final int SERVICES = 4;
    private static final int COMMANDS = 60;
    private static final ServiceSettings HASTY =
            new ServiceSettings(Duration.ofSeconds(30), Duration.ZERO, Duration.ofMillis(1), 4);

    @Property(tries = 25)
    void whatWasAcceptedIsStoredOnceAndTheRulesHold(@ForAll long seed) {
        InMemoryChatStore store = new InMemoryChatStore(new Mischief(seed));
        People people = new People();
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
        try (ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SERVICES; i++) {
                Random random = new Random(seed + i);
                String who = "p" + i;
                ChatService chat = new ChatService(store, people, ChatPolicy.DEFAULT, HASTY, ChatObserver.NONE);
                processes.execute(() -> {
                    try {
                        live(who, random, chat, accepted);
                    } catch (RuntimeException | Error e) {
                        broken.add(e);
                    }
                });
            }
        }
        assertThat(broken).isEmpty();

        Seq<ChatEvent> rooms =
                io.vavr.collection.List.ofAll(ROOMS).flatMap(room -> store.read(StreamId.of(new RoomName(room)), 0));
        assertThat(rooms.filter(MessageSent.class::isInstance)
                        .map(event -> ((MessageSent) event).text().value()))
                .containsExactlyInAnyOrderElementsOf(accepted);
        for (String room : ROOMS) {
            onlyMembersSpokeAndNoNumberIsMissing(store.read(StreamId.of(new RoomName(room)), 0));
        }
        assertThat(store.openRooms()).isEmpty();
        assertThat(store.registered()).isEmpty();
    }

    /** Comes, chats at random under its own name, and goes. */
    private static void live(String who, Random random, ChatService chat, Queue<String> accepted) {
        insist(chat, connect(who));
        insist(chat, register(who));
        for (int i = 0; i < COMMANDS; i++) {
            String room = ROOMS.get(random.nextInt(ROOMS.size()));
            String text = who + " says " + i;
            switch (random.nextInt(8)) {
                case 0 -> insist(chat, openRoom(who, room));
                case 1, 2 -> insist(chat, join(who, room));
                case 3 -> insist(chat, leave(who, room));
                default -> {
                    if (insist(chat, say(who, room, text, "id-" + i))) {
                        accepted.add(text);
                    }
                }
            }
        }
        insist(chat, disconnect(who));
        insist(chat, disconnect(who));
    }

    private static boolean insist(ChatService chat, ChatCommand command) {
        return switch (chat.handle(command)) {
            case Reply.Accepted accepted -> true;
            case Reply.Rejected rejected -> false;
            case Reply.Busy busy -> throw new AssertionError(command + " was never settled");
        };
    }

    private static void onlyMembersSpokeAndNoNumberIsMissing(Seq<ChatEvent> stream) {
        Chat chat = Chat.EMPTY;
        long seq = 0;
        for (ChatEvent event : stream) {
            ChatEvent.OfRoom next = (ChatEvent.OfRoom) event;
            assertThat(next.seq()).isEqualTo(++seq);
            if (next instanceof MessageSent message) {
                Room.Open room = chat.open(message.room()).get();
                assertThat(room.members().containsKey(message.connection())).isTrue();
                assertThat(message.created()).isEqualTo(room.created());
            }
            chat = chat.evolve(StreamId.of(next.room()), next);
        }
    }

    /** Every fault now and then. */
    private static final class Mischief implements Faults {
        private final Random random;

        Mischief(long seed) {
            random = new Random(seed);
        }

        @Override
        public int lag(StreamId stream) {
            return IntStream.of(0, 0, 1, 2, 5).toArray()[random.nextInt(5)];
        }

        @Override
        public boolean conflicts(Append append) {
            return random.nextInt(12) == 0;
        }

        @Override
        public boolean losesRequest(Append append) {
            return random.nextInt(12) == 0;
        }

        @Override
        public boolean losesAnswer(Append append) {
            return random.nextInt(6) == 0;
        }
    }
}
