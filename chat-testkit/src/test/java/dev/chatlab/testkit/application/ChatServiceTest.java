package dev.chatlab.testkit.application;

import static dev.chatlab.testkit.application.RecordingGateway.connect;
import static dev.chatlab.testkit.application.RecordingGateway.connection;
import static dev.chatlab.testkit.application.RecordingGateway.disconnect;
import static dev.chatlab.testkit.application.RecordingGateway.given;
import static dev.chatlab.testkit.application.RecordingGateway.join;
import static dev.chatlab.testkit.application.RecordingGateway.leave;
import static dev.chatlab.testkit.application.RecordingGateway.openRoom;
import static dev.chatlab.testkit.application.RecordingGateway.register;
import static dev.chatlab.testkit.application.RecordingGateway.say;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.application.ServiceSettings;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore;
import dev.chatlab.ports.Gateway;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.ports.ReadModels;
import dev.chatlab.ports.StoreException;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the service does in a crowd, and with a store that misbehaves. */
class ChatServiceTest {

    private static final ServiceSettings HASTY =
            new ServiceSettings(Duration.ofSeconds(20), Duration.ZERO, Duration.ofMillis(2), 8, true);
    private static final ServiceSettings IMPATIENT =
            new ServiceSettings(Duration.ofMillis(50), Duration.ofMillis(1), Duration.ofMillis(5), 8, true);
    private static final RoomName HALL = new RoomName("hall");

    private final RecordingGateway people = new RecordingGateway();
    private final Scene scene = new Scene();
    private final Counting counted = new Counting();

    private ChatService chat(ChatStore store) {
        return chat(store, HASTY);
    }

    private ChatService chat(ChatStore store, ServiceSettings settings) {
        return new ChatService(store, people, ChatPolicy.DEFAULT, settings, counted);
    }

    /** Ann and Ben are in the hall. */
    private ChatService annAndBenInTheHall(ChatStore store) {
        ChatService chat = chat(store);
        given(chat, connect("ann"), register("ann"), openRoom("ann", "hall"));
        given(chat, connect("ben"), register("ben"), join("ben", "hall"));
        counted.reset();
        return chat;
    }

    @Test
    void tellsTheMembersAndOnlyThem() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, connect("cat"), register("cat"));

        given(chat, say("ann", "hall", "hello"));

        assertThat(people.toldTo("ann")).last().isInstanceOf(MessageSent.class);
        assertThat(people.toldTo("ben")).last().isInstanceOf(MessageSent.class);
        assertThat(people.toldTo("cat")).noneMatch(MessageSent.class::isInstance);
    }

    @Test
    void tellsEveryoneRegisteredOfRooms() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, connect("cat"), register("cat"), connect("nobody"));

        given(chat, openRoom("ben", "attic"), leave("ben", "attic"));

        assertThat(people.toldTo("cat"))
                .hasExactlyElementsOfTypes(ChatEvent.RoomCreated.class, ChatEvent.RoomClosed.class);
        assertThat(people.toldTo("nobody")).isEmpty();
    }

    @Test
    void aMessageIsDecidedOnItsRoomAlone() {
        ChatService chat = annAndBenInTheHall(scene);
        scene.loads.clear();

        given(chat, say("ann", "hall", "hello"));

        assertThat(scene.loads).containsExactly(new Load(HashSet.of(StreamId.of(HALL)), EventStore.Consistency.STALE));
    }

    @Test
    void aRefusalIsFinalOnlyOnAConsistentRead() {
        ChatService chat = annAndBenInTheHall(scene);
        scene.lag = 1;
        // Ben's joining is not to be seen yet in a stale load.

        assertThat(chat.handle(say("ben", "hall", "am I in?"))).isInstanceOf(Reply.Accepted.class);
        assertThat(scene.loads)
                .extracting(Load::consistency)
                .endsWith(EventStore.Consistency.STALE, EventStore.Consistency.STRICT);
    }

    @Test
    void nothingToDoIsFinalOnlyOnAConsistentRead() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, leave("ben", "hall"));
        scene.lag = 1;
        // A stale load shows Ben as a member still: joining would be nothing to do.

        assertThat(chat.handle(join("ben", "hall")))
                .isInstanceOfSatisfying(
                        Reply.Accepted.class,
                        accepted -> assertThat(accepted.events()).hasSize(1));
    }

    @Test
    void aStaleStateNeverWins() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, leave("ben", "hall"));
        scene.lag = 1;
        // A stale load shows Ben as a member still.

        assertThat(chat.handle(say("ben", "hall", "still here?")))
                .isEqualTo(new Reply.Rejected(new Rejection.NotAMember(HALL)));
    }

    @Test
    void theFirstConflictIsDecidedAgainOnItsWinnersWithoutReading() {
        ChatService chat = annAndBenInTheHall(scene);
        scene.before(1, () -> given(chat(scene), say("ben", "hall", "first")));
        scene.loads.clear();

        given(chat, say("ann", "hall", "second"));

        assertThat(scene.reads).hasValue(0);
        assertThat(counted.conflicts).hasValue(1);
        assertThat(texts()).containsExactly("first", "second");
    }

    @Test
    void afterThatTheStreamIsReadForward() {
        ChatService chat = annAndBenInTheHall(scene);
        scene.before(1, () -> given(chat(scene), say("ben", "hall", "first")));
        scene.before(3, () -> given(chat(scene), say("ben", "hall", "second"), say("ben", "hall", "third")));

        given(chat, say("ann", "hall", "fourth"));

        assertThat(scene.reads).hasValue(1);
        assertThat(texts()).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void aConflictWithoutEventsIsSettledByReading() {
        ChatService chat = annAndBenInTheHall(new FaultyStore(new InMemoryChatStore(), new Once() {
            @Override
            public boolean conflicts(Append append) {
                return says(append) && once();
            }
        }));

        assertThat(chat.handle(say("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);
        assertThat(counted.conflicts).hasValue(1);
    }

    @Test
    void aLostAnswerDoesNotDoubleAMessage() {
        ChatStore store = new FaultyStore(new InMemoryChatStore(), new Once() {
            @Override
            public boolean losesAnswer(Append append) {
                return says(append) && once();
            }
        });
        ChatService chat = annAndBenInTheHall(store);

        assertThat(chat.handle(say("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);

        assertThat(texts(store)).containsExactly("hello");
        assertThat(counted.repeats).hasValue(1);
        assertThat(people.toldTo("ben").stream().filter(MessageSent.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aLostRequestDoesNotLoseAMessage() {
        ChatStore store = new FaultyStore(new InMemoryChatStore(), new Once() {
            @Override
            public boolean losesRequest(Append append) {
                return says(append) && once();
            }
        });
        ChatService chat = annAndBenInTheHall(store);

        assertThat(chat.handle(say("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);
        assertThat(texts(store)).containsExactly("hello");
    }

    @Test
    void aStoreThatBreaksAfterALostAnswerIsNotSaidToHaveStoredNothing() {
        ChatStore breaking = new FaultyStore(new InMemoryChatStore(), new Once() {
            @Override
            public boolean losesRequest(Append append) {
                if (says(append) && !once()) {
                    throw new StoreException("cannot append");
                }
                return false;
            }

            @Override
            public boolean losesAnswer(Append append) {
                return says(append);
            }
        });
        ChatService chat = annAndBenInTheHall(breaking);

        assertThatThrownBy(() -> chat.handle(say("ann", "hall", "hello")))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("an answer was lost, and then: cannot append;"
                        + " there is no telling whether the first attempt was stored");
        assertThat(texts(breaking)).containsExactly("hello");
    }

    @Test
    void aConflictWithoutAWinnerSettlesNothingAboutARequestThatIsStillOnItsWay() {
        var late = new Object() {
            @Nullable
            ChatStore store;

            int calls;
        };
        late.store = new FaultyStore(new InMemoryChatStore(), new Faults() {
            @Override
            public boolean losesRequest(Append append) {
                return append.events().exists(MessageSent.class::isInstance) && ++late.calls == 1;
            }

            @Override
            public boolean conflicts(Append append) {
                if (late.calls != 1) {
                    return false;
                }
                // The first request arrives while the second one is being answered: with a conflict, on that account.
                late.calls++;
                requireNonNull(late.store).append(append);
                return true;
            }
        });
        ChatService chat = annAndBenInTheHall(late.store);

        assertThat(chat.handle(say("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);

        assertThat(texts(late.store)).containsExactly("hello");
    }

    @Test
    void whoeverNeverWinsIsToldThatItIsBusy() {
        annAndBenInTheHall(scene);
        Faults always = new Faults() {
            @Override
            public boolean conflicts(Append append) {
                return true;
            }
        };

        assertThat(chat(new FaultyStore(new InMemoryChatStore(), always), IMPATIENT)
                        .handle(connect("cat")))
                .isEqualTo(new Reply.Busy());
    }

    @Test
    void whoeverNeverLearnsTheOutcomeIsToldThatItIsBusy() {
        Faults always = new Faults() {
            @Override
            public boolean losesRequest(Append append) {
                return true;
            }
        };

        assertThat(chat(new FaultyStore(new InMemoryChatStore(), always), IMPATIENT)
                        .handle(connect("cat")))
                .isEqualTo(new Reply.Busy());
    }

    @Test
    void aDisconnectLeavesRoomByRoomAndEndsTheSessionLast() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, openRoom("ben", "attic"), openRoom("ben", "cellar"), join("ann", "cellar"));
        scene.appends.clear();

        given(chat, disconnect("ben"));

        assertThat(scene.appends)
                .extracting(append -> append.events()
                        .map(event -> event.getClass().getSimpleName())
                        .toJavaList())
                .containsExactly(
                        List.of("RoomLeft", "RoomClosed"),
                        List.of("RoomLeft"),
                        List.of("RoomLeft"),
                        List.of("Disconnected"));
    }

    @Test
    void aDisconnectThatMeetsATalkingRoomGoesOnWhereItWas() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, openRoom("ben", "attic"));
        // The attic is left by the first append; the hall's conflicts with Ann.
        scene.before(2, () -> given(chat(scene), say("ann", "hall", "wait")));

        given(chat, disconnect("ben"));

        assertThat(texts()).containsExactly("wait");
        assertThat(scene.openRooms()).containsExactly(HALL);
        assertThat(scene.registered())
                .extracting(ReadModels.RegisteredUser::connection)
                .containsExactly(connection("ann"));
    }

    @Test
    void whatATakeoverEndedIsToldAndTheOldConnectionToo() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, connect("ben2"));

        given(chat, register("ben2", "ben", "the-secret-of-ben-0123456789"));

        assertThat(people.toldTo("ann")).last().isInstanceOf(ChatEvent.RoomLeft.class);
        assertThat(people.toldTo("ben")).last().isInstanceOf(ChatEvent.Disconnected.class);
    }

    @Test
    void whoeverIsGoneIsDisconnectedByTheService() {
        ChatService chat = annAndBenInTheHall(scene);
        people.vanish("ben");

        given(chat, say("ann", "hall", "anybody there?"));

        assertThat(scene.registered())
                .extracting(ReadModels.RegisteredUser::connection)
                .containsExactly(connection("ann"));
        assertThat(people.toldTo("ann")).last().isInstanceOf(ChatEvent.RoomLeft.class);
    }

    @Test
    void thoseWhoAreGoneAllAtOnceAreAllDisconnected() {
        ChatService chat = annAndBenInTheHall(scene);
        for (int i = 0; i < 20; i++) {
            given(chat, connect("p" + i), register("p" + i), join("p" + i, "hall"));
            people.vanish("p" + i);
        }
        people.vanish("ben");

        given(chat, say("ann", "hall", "anybody there?"));

        assertThat(scene.registered())
                .extracting(ReadModels.RegisteredUser::connection)
                .containsExactly(connection("ann"));
    }

    @Test
    void aGatewayThatFailsDoesNotFailTheCommand() {
        Gateway broken = (event, recipients) -> {
            throw new IllegalStateException("no network");
        };
        given(annAndBenInTheHall(scene), connect("cat"));
        ChatService chat = new ChatService(scene, broken, ChatPolicy.DEFAULT, HASTY, counted);

        assertThat(chat.handle(say("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);
        assertThat(counted.failures).hasValue(1);
        assertThat(texts()).containsExactly("hello");
    }

    @Test
    void withinOneProcessAppendsTakeTurns() throws InterruptedException {
        ChatService chat = annAndBenInTheHall(scene);
        int messages = 200;
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < messages; i++) {
                ChatCommand message = say(i % 2 == 0 ? "ann" : "ben", "hall", "m" + i);
                crowd.execute(() -> given(chat, message));
            }
        }
        assertThat(texts()).hasSize(messages).doesNotHaveDuplicates();
        assertThat(counted.conflicts).hasValue(0);
    }

    @Test
    void aTurnThatDoesNotComeInTimeIsBusy() throws Exception {
        Semaphore inside = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        annAndBenInTheHall(scene);
        ChatService chat = chat(scene, IMPATIENT);
        scene.before(1, () -> {
            inside.release();
            go.acquireUninterruptibly();
        });
        try (ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = one.submit(() -> chat.handle(say("ann", "hall", "slow")));
            inside.acquire();
            assertThat(chat.handle(say("ben", "hall", "quick"))).isEqualTo(new Reply.Busy());
            go.release();
            assertThat(slow.get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Accepted.class);
        }
    }

    @Test
    void asksTwiceIsToldTwiceWhereItStands() {
        ChatService chat = annAndBenInTheHall(scene);
        var message = say("ann", "hall", "hello", "id-1");
        Reply.Accepted first = (Reply.Accepted) chat.handle(message);
        Reply.Accepted second = (Reply.Accepted) chat.handle(message.withRoom(Option.none()));

        assertThat(second.events()).isEmpty();
        assertThat(second.receipt(message)).isEqualTo(first.receipt(message));
        assertThat(texts()).containsExactly("hello");
    }

    @Test
    void aSinceFromAnotherLifeOfTheRoomCountsAsNone() {
        ChatService chat = annAndBenInTheHall(scene);
        given(chat, say("ann", "hall", "one"), say("ann", "hall", "two"));
        var room = ((Reply.Accepted) chat.handle(join("ann", "hall")))
                .chat()
                .open(HALL)
                .get();

        assertThat(chat.history(room, Option.some(room.seq() + 5), 10).messages())
                .hasSize(2);
        assertThat(chat.history(room, Option.some(room.seq() - 1), 10).messages())
                .hasSize(1);
        assertThat(chat.history(room, Option.some(0L), 1).more()).isTrue();
    }

    private List<String> texts() {
        return texts(scene);
    }

    private static List<String> texts(ChatStore store) {
        return store.read(StreamId.of(HALL), 0)
                .filter(MessageSent.class::isInstance)
                .map(event -> ((MessageSent) event).text().value())
                .toJavaList();
    }

    /** A fault that happens to the first message. */
    private abstract static class Once implements Faults {
        private boolean happened;

        static boolean says(Append append) {
            return append.events().exists(MessageSent.class::isInstance);
        }

        boolean once() {
            boolean first = !happened;
            happened = true;
            return first;
        }
    }

    private record Load(Set<StreamId> streams, EventStore.Consistency consistency) {}

    /** A store that is watched, that can lag, and where something can happen just before an append. */
    private static final class Scene implements ChatStore {
        final List<Load> loads = new ArrayList<>();
        final List<Append> appends = new ArrayList<>();
        final AtomicInteger reads = new AtomicInteger();
        volatile int lag;
        private final ChatStore lagging;
        private HashMap<Integer, Runnable> before = HashMap.empty();
        private int appended;

        Scene() {
            lagging = new FaultyStore(new InMemoryChatStore(), new Faults() {
                @Override
                public int lag(StreamId stream) {
                    return lag;
                }
            });
        }

        /** Does something just before the n-th append from now on; appends that it makes count too. */
        void before(int nth, Runnable action) {
            if (before.isEmpty()) {
                appended = 0;
            }
            before = before.put(nth, action);
        }

        @Override
        public Loaded load(Set<StreamId> streams, Consistency consistency) {
            synchronized (loads) {
                loads.add(new Load(streams, consistency));
            }
            return lagging.load(streams, consistency);
        }

        @Override
        public Seq<ChatEvent> read(StreamId stream, long after) {
            reads.incrementAndGet();
            return lagging.read(stream, after);
        }

        @Override
        public Either<Conflict, Committed> append(Append append) {
            Option<Runnable> action;
            synchronized (appends) {
                appends.add(append);
                appended++;
                action = before.get(appended);
                before = before.remove(appended);
            }
            action.forEach(Runnable::run);
            return lagging.append(append);
        }

        @Override
        public Page after(long seq, dev.chatlab.domain.Room.Open room, int limit) {
            return lagging.after(seq, room, limit);
        }

        @Override
        public Page latest(dev.chatlab.domain.Room.Open room, int limit) {
            return lagging.latest(room, limit);
        }

        @Override
        public Seq<RoomName> openRooms() {
            return lagging.openRooms();
        }

        @Override
        public Seq<RegisteredUser> registered() {
            return lagging.registered();
        }
    }

    /** Counts what the service tells of itself. */
    private static final class Counting implements ChatObserver {
        final AtomicInteger conflicts = new AtomicInteger();
        final AtomicInteger repeats = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();

        void reset() {
            conflicts.set(0);
            repeats.set(0);
            failures.set(0);
        }

        @Override
        public void conflicted(Append append) {
            conflicts.incrementAndGet();
        }

        @Override
        public void repeated(Append append, OutcomeUnknownException lost) {
            repeats.incrementAndGet();
        }

        @Override
        public void deliveryFailed(ChatEvent event, RuntimeException cause) {
            failures.incrementAndGet();
        }
    }
}
