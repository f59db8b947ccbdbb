package dev.chatlab.testkit.application;

import static dev.chatlab.testkit.application.Commands.connect;
import static dev.chatlab.testkit.application.Commands.connection;
import static dev.chatlab.testkit.application.Commands.createRoom;
import static dev.chatlab.testkit.application.Commands.disconnect;
import static dev.chatlab.testkit.application.Commands.execute;
import static dev.chatlab.testkit.application.Commands.join;
import static dev.chatlab.testkit.application.Commands.leave;
import static dev.chatlab.testkit.application.Commands.register;
import static dev.chatlab.testkit.application.Commands.send;
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
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.Gateway;
import dev.chatlab.ports.Gateway.Delivery;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.ports.ReadModels;
import dev.chatlab.ports.StoreException;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import io.vavr.collection.HashSet;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** {@link ChatService} under contention, on a store with faults, and with gateways and observers that fail. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChatServiceTest {

    private static final ServiceSettings SHORT_PAUSES =
            new ServiceSettings(Duration.ofSeconds(20), Duration.ZERO, Duration.ofMillis(2), 8, true);
    private static final ServiceSettings SHORT_DEADLINE =
            new ServiceSettings(Duration.ofMillis(50), Duration.ofMillis(1), Duration.ofMillis(5), 8, true);
    private static final RoomName HALL = new RoomName("hall");

    private final RecordingGateway gateway = new RecordingGateway();
    private final ObservedStore store = new ObservedStore();
    private final CountingObserver counts = new CountingObserver();

    private ChatService chat(ChatStore store) {
        return chat(store, SHORT_PAUSES);
    }

    private ChatService chat(ChatStore store, ServiceSettings settings) {
        return chat(store, gateway, settings);
    }

    private ChatService chat(ChatStore store, Gateway gateway, ServiceSettings settings) {
        return new ChatService(store, gateway, ChatPolicy.DEFAULT, settings, counts);
    }

    /** A service on this store, with Ann and Ben in the hall. */
    private ChatService annAndBenInTheHall(ChatStore store) {
        ChatService chat = chat(store);
        execute(chat, connect("ann"), register("ann"), createRoom("ann", "hall"));
        execute(chat, connect("ben"), register("ben"), join("ben", "hall"));
        counts.reset();
        return chat;
    }

    // --- recipients ---

    @Test
    void messageIsDeliveredToTheMembersOnly() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, connect("cat"), register("cat"));

        execute(chat, send("ann", "hall", "hello"));

        assertThat(gateway.receivedBy("ann")).last().isInstanceOf(MessageSent.class);
        assertThat(gateway.receivedBy("ben")).last().isInstanceOf(MessageSent.class);
        assertThat(gateway.receivedBy("cat")).noneMatch(MessageSent.class::isInstance);
    }

    @Test
    void creationAndClosingOfRoomAreDeliveredToRegisteredConnectionsOnly() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, connect("cat"), register("cat"), connect("unregistered"));

        execute(chat, createRoom("ben", "attic"), leave("ben", "attic"));

        assertThat(gateway.receivedBy("cat"))
                .hasExactlyElementsOfTypes(ChatEvent.RoomCreated.class, ChatEvent.RoomClosed.class);
        assertThat(gateway.receivedBy("unregistered")).isEmpty();
    }

    @Test
    void takeoverIsDeliveredToTheRoomAndToTheOldConnection() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, connect("ben2"));

        execute(chat, register("ben2", "ben"));

        assertThat(gateway.receivedBy("ann")).last().isInstanceOf(ChatEvent.RoomLeft.class);
        assertThat(gateway.receivedBy("ben")).last().isInstanceOf(ChatEvent.Disconnected.class);
    }

    // --- reads ---

    @Test
    void messageToNamedRoomLoadsTheRoomOnly() {
        ChatService chat = annAndBenInTheHall(store);
        store.loads.clear();

        execute(chat, send("ann", "hall", "hello"));

        assertThat(store.loads)
                .containsExactly(new ObservedStore.Load(HashSet.of(StreamId.of(HALL)), Consistency.STALE));
    }

    @Test
    void rejectionOnStaleReadIsDecidedAgainOnStrictRead() {
        ChatService chat = annAndBenInTheHall(store);
        store.lagByOneEvent(); // A stale load does not show that Ben joined.

        assertThat(chat.handle(send("ben", "hall", "am I in?"))).isInstanceOf(Reply.Accepted.class);
        assertThat(store.loads)
                .extracting(ObservedStore.Load::consistency)
                .endsWith(Consistency.STALE, Consistency.STRICT);
    }

    @Test
    void decisionWithoutEventsOnStaleReadIsDecidedAgainOnStrictRead() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, leave("ben", "hall"));
        store.lagByOneEvent(); // A stale load shows Ben as a member, so that joining has no events.

        assertThat(chat.handle(join("ben", "hall")))
                .isInstanceOfSatisfying(
                        Reply.Accepted.class,
                        accepted -> assertThat(accepted.events()).hasSize(1));
    }

    @Test
    void appendDecidedOnStaleReadConflictsAndIsDecidedAgain() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, leave("ben", "hall"));
        store.lagByOneEvent(); // A stale load shows Ben as a member.

        assertThat(chat.handle(send("ben", "hall", "still here?")))
                .isEqualTo(new Reply.Rejected(new Rejection.NotAMember(HALL)));
    }

    // --- conflicts ---

    @Test
    void firstConflictIsDecidedAgainOnItsWinnersWithoutReading() {
        ChatService chat = annAndBenInTheHall(store);
        store.before(1, () -> execute(chat(store), send("ben", "hall", "first")));

        execute(chat, send("ann", "hall", "second"));

        assertThat(store.reads).hasValue(0);
        assertThat(counts.conflicts).hasValue(1);
        assertThat(texts()).containsExactly("first", "second");
    }

    @Test
    void secondConflictReadsTheEventsAfterTheKnownOnes() {
        ChatService chat = annAndBenInTheHall(store);
        store.before(1, () -> execute(chat(store), send("ben", "hall", "first")));
        store.before(3, () -> execute(chat(store), send("ben", "hall", "second"), send("ben", "hall", "third")));

        execute(chat, send("ann", "hall", "fourth"));

        assertThat(store.reads).hasValue(1);
        assertThat(texts()).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void conflictWithoutWinnersReadsTheStreamAndIsDecidedAgain() {
        ChatService chat = annAndBenInTheHall(new FaultyStore(new InMemoryChatStore(), new FaultOfFirstMessage() {
            @Override
            public boolean conflicts(Append append) {
                return isMessage(append) && isFirst();
            }
        }));

        assertThat(chat.handle(send("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);
        assertThat(counts.conflicts).hasValue(1);
    }

    @Test
    void commandThatAlwaysConflictsIsBusyAtTheDeadline() {
        Faults always = new Faults() {
            @Override
            public boolean conflicts(Append append) {
                return true;
            }
        };

        assertThat(chat(new FaultyStore(new InMemoryChatStore(), always), SHORT_DEADLINE)
                        .handle(connect("cat")))
                .isEqualTo(new Reply.Busy());
    }

    @Test
    void concurrentMessagesThroughOneServiceDoNotConflict() {
        ChatService chat = annAndBenInTheHall(store);
        int messages = 200;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < messages; i++) {
                ChatCommand message = send(i % 2 == 0 ? "ann" : "ben", "hall", "m" + i);
                clients.execute(() -> execute(chat, message));
            }
        }
        assertThat(texts()).hasSize(messages).doesNotHaveDuplicates();
        assertThat(counts.conflicts).hasValue(0);
    }

    @Test
    void commandThatWaitsForStreamLockUntilTheDeadlineIsBusy() throws Exception {
        Semaphore appending = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        annAndBenInTheHall(store);
        ChatService chat = chat(store, SHORT_DEADLINE);
        store.before(1, () -> {
            appending.release();
            go.acquireUninterruptibly();
        });
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = other.submit(() -> chat.handle(send("ann", "hall", "slow")));
            appending.acquire();
            assertThat(chat.handle(send("ben", "hall", "quick"))).isEqualTo(new Reply.Busy());
            go.release();
            assertThat(slow.get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Accepted.class);
        }
    }

    // --- unknown outcomes ---

    @Test
    void messageIsStoredAndDeliveredOnceAfterLostAnswer() {
        ChatStore faulty = new FaultyStore(new InMemoryChatStore(), new FaultOfFirstMessage() {
            @Override
            public boolean losesAnswer(Append append) {
                return isMessage(append) && isFirst();
            }
        });
        ChatService chat = annAndBenInTheHall(faulty);

        assertThat(chat.handle(send("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);

        assertThat(texts(faulty)).containsExactly("hello");
        assertThat(counts.repeats).hasValue(1);
        assertThat(gateway.receivedBy("ben").stream().filter(MessageSent.class::isInstance))
                .hasSize(1);
    }

    @Test
    void messageIsStoredOnceAfterLostRequest() {
        ChatStore faulty = new FaultyStore(new InMemoryChatStore(), new FaultOfFirstMessage() {
            @Override
            public boolean losesRequest(Append append) {
                return isMessage(append) && isFirst();
            }
        });
        ChatService chat = annAndBenInTheHall(faulty);

        assertThat(chat.handle(send("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);
        assertThat(texts(faulty)).containsExactly("hello");
    }

    @Test
    void storeThatFailsAfterLostAnswerIsReportedAsUnknownOutcome() {
        ChatStore breaking = new FaultyStore(new InMemoryChatStore(), new FaultOfFirstMessage() {
            @Override
            public boolean losesRequest(Append append) {
                if (isMessage(append) && !isFirst()) {
                    throw new StoreException("cannot append");
                }
                return false;
            }

            @Override
            public boolean losesAnswer(Append append) {
                return isMessage(append);
            }
        });
        ChatService chat = annAndBenInTheHall(breaking);

        assertThatThrownBy(() -> chat.handle(send("ann", "hall", "hello")))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("an answer was lost, and then: cannot append;"
                        + " it is unknown whether the first attempt was stored");
        assertThat(texts(breaking)).containsExactly("hello");
    }

    @Test
    void conflictWithoutWinnersAfterLostRequestDoesNotStoreTheMessageTwice() {
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
                // The first request arrives while the second one is being answered, which therefore conflicts.
                late.calls++;
                requireNonNull(late.store).append(append);
                return true;
            }
        });
        ChatService chat = annAndBenInTheHall(late.store);

        assertThat(chat.handle(send("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);

        assertThat(texts(late.store)).containsExactly("hello");
    }

    @Test
    void commandWhoseOutcomeStaysUnknownIsBusyAtTheDeadline() {
        Faults always = new Faults() {
            @Override
            public boolean losesRequest(Append append) {
                return true;
            }
        };

        assertThat(chat(new FaultyStore(new InMemoryChatStore(), always), SHORT_DEADLINE)
                        .handle(connect("cat")))
                .isEqualTo(new Reply.Busy());
    }

    // --- disconnects ---

    @Test
    void disconnectLeavesRoomByRoomAndEndsTheSessionLast() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, createRoom("ben", "attic"), createRoom("ben", "cellar"), join("ann", "cellar"));
        store.appends.clear();

        execute(chat, disconnect("ben"));

        assertThat(store.appends)
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
    void disconnectThatConflictsInOneRoomGoesOnWithTheRemainingRooms() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, createRoom("ben", "attic"));
        // The first append leaves the attic. The second one leaves the hall and conflicts with Ann's message.
        store.before(2, () -> execute(chat(store), send("ann", "hall", "wait")));

        execute(chat, disconnect("ben"));

        assertThat(texts()).containsExactly("wait");
        assertThat(store.openRooms()).containsExactly(HALL);
        assertThat(registered()).containsExactly(connection("ann"));
    }

    @Test
    void goneConnectionIsDisconnected() {
        ChatService chat = annAndBenInTheHall(store);
        gateway.answer("ben", Delivery.GONE);

        execute(chat, send("ann", "hall", "hello"));

        assertThat(registered()).containsExactly(connection("ann"));
        assertThat(gateway.receivedBy("ann")).last().isInstanceOf(ChatEvent.RoomLeft.class);
    }

    @Test
    void allGoneConnectionsOfOneDeliveryAreDisconnected() {
        ChatService chat = annAndBenInTheHall(store);
        for (int i = 0; i < 20; i++) {
            execute(chat, connect("p" + i), register("p" + i), join("p" + i, "hall"));
            gateway.answer("p" + i, Delivery.GONE);
        }
        gateway.answer("ben", Delivery.GONE);

        execute(chat, send("ann", "hall", "hello"));

        assertThat(registered()).containsExactly(connection("ann"));
    }

    @Test
    void connectionThatTurnsOutToBeGoneDuringDisconnectIsDisconnectedToo() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, connect("cat"), register("cat"), createRoom("cat", "attic"), join("ben", "attic"));
        gateway.answer("ben", Delivery.GONE);
        gateway.answer("cat", Delivery.GONE); // Not in the hall: the disconnect of Ben delivers to it first.

        execute(chat, send("ann", "hall", "hello"));

        assertThat(registered()).containsExactly(connection("ann"));
    }

    @TestFactory
    Stream<DynamicTest> connectionThatIsNotGoneStaysConnected() {
        return Stream.of(Delivery.DELIVERED, Delivery.FAILED, Delivery.ELSEWHERE)
                .map(outcome -> DynamicTest.dynamicTest(outcome.name(), () -> {
                    ObservedStore own = new ObservedStore();
                    ChatService chat = annAndBenInTheHall(own);
                    gateway.answer("ben", outcome);

                    execute(chat, send("ann", "hall", "hello"), send("ann", "hall", "hello again"));

                    assertThat(own.registered())
                            .extracting(ReadModels.RegisteredUser::connection)
                            .containsExactly(connection("ann"), connection("ben"));
                }));
    }

    @Test
    void goneOutcomeOfConnectionThatIsNoRecipientIsIgnored() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, connect("cat"), register("cat"));
        Gateway confused = (event, recipients) -> io.vavr.collection.HashMap.of(connection("cat"), Delivery.GONE);

        execute(chat(store, confused, SHORT_PAUSES), send("ann", "hall", "hello"));

        assertThat(registered()).contains(connection("cat"));
        assertThat(chat.handle(send("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);
    }

    @TestFactory
    Stream<DynamicTest> disconnectThatTheStoreFailsIsReportedAndDoesNotFailTheCommand() {
        return Stream.<Throwable>of(
                        new StoreException("down"), new IllegalStateException("down"), new AssertionError("down"))
                .map(thrown -> DynamicTest.dynamicTest(thrown.getClass().getSimpleName(), () -> {
                    CountingObserver reported = new CountingObserver();
                    ChatService chat = new ChatService(
                            new FaultyStore(new InMemoryChatStore(), new ThrowingAtLeave(thrown)),
                            gateway,
                            ChatPolicy.DEFAULT,
                            SHORT_PAUSES,
                            reported);
                    execute(chat, connect("ann"), register("ann"), createRoom("ann", "hall"));
                    execute(chat, connect("ben"), register("ben"), join("ben", "hall"));
                    gateway.answer("ben", Delivery.GONE);

                    assertThat(chat.handle(send("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);

                    assertThat(reported.failedDisconnects).containsExactly(connection("ben"));
                }));
    }

    @Test
    void disconnectThatMeetsTheDeadlineIsReported() {
        ChatService chat = chat(
                new FaultyStore(new InMemoryChatStore(), new Faults() {
                    @Override
                    public boolean conflicts(Append append) {
                        return append.events().exists(ChatEvent.RoomLeft.class::isInstance);
                    }
                }),
                SHORT_DEADLINE);
        execute(chat, connect("ann"), register("ann"), createRoom("ann", "hall"));
        execute(chat, connect("ben"), register("ben"), join("ben", "hall"));
        gateway.answer("ben", Delivery.GONE);

        execute(chat, send("ann", "hall", "hello"));

        assertThat(counts.failedDisconnects).containsExactly(connection("ben"));
    }

    // --- gateways, observers and reply handlers that throw ---

    @TestFactory
    Stream<DynamicTest> gatewayThatThrowsDoesNotFailTheCommand() {
        return Stream.<Throwable>of(new IllegalStateException("no network"), new NoClassDefFoundError("no codec"))
                .map(thrown -> DynamicTest.dynamicTest(thrown.getClass().getSimpleName(), () -> {
                    ObservedStore own = new ObservedStore();
                    annAndBenInTheHall(own);
                    ChatService chat = chat(
                            own,
                            (event, recipients) -> {
                                throw sneaky(thrown);
                            },
                            SHORT_PAUSES);

                    assertThat(chat.handle(send("ann", "hall", "hello"))).isInstanceOf(Reply.Accepted.class);
                    assertThat(chat.handle(send("ann", "hall", "again")))
                            .as("the next delivery does not wait for the one that failed")
                            .isInstanceOf(Reply.Accepted.class);

                    assertThat(counts.failures).hasValue(2);
                    assertThat(texts(own)).containsExactly("hello", "again");
                }));
    }

    @Test
    void eventAfterOneThatCouldNotBeDeliveredReachesItsRecipients() {
        ChatService setUp = annAndBenInTheHall(store);
        execute(
                setUp,
                createRoom("ben", "attic"),
                join("ann", "attic"),
                createRoom("ann", "cellar"),
                leave("ben", "hall"));
        ChatService chat = chat(
                store,
                (event, recipients) -> {
                    if (event instanceof ChatEvent.RoomLeft) {
                        throw new IllegalStateException("cannot encode");
                    }
                    return gateway.deliver(event, recipients);
                },
                SHORT_PAUSES);

        // Leaves the attic, the cellar and the hall; the last two are closed.
        execute(chat, disconnect("ann"));

        assertThat(counts.failures).hasValue(1);
        assertThat(gateway.receivedBy("ben").stream().filter(ChatEvent.RoomClosed.class::isInstance))
                .extracting(closed -> ((ChatEvent.RoomClosed) closed).room())
                .containsExactly(new RoomName("cellar"), HALL);
    }

    @TestFactory
    Stream<DynamicTest> observerThatThrowsDoesNotFailTheCommandAndKeepsNoEventFromItsRecipients() {
        return Stream.<Throwable>of(new IllegalStateException("disk full"), new StackOverflowError())
                .map(thrown -> DynamicTest.dynamicTest(thrown.getClass().getSimpleName(), () -> {
                    RecordingGateway recording = new RecordingGateway();
                    ChatService chat = new ChatService(
                            new InMemoryChatStore(),
                            recording,
                            ChatPolicy.DEFAULT,
                            SHORT_PAUSES,
                            new ThrowingObserver(thrown));
                    execute(chat, connect("ann"), register("ann"), createRoom("ann", "hall"));
                    execute(chat, connect("ben"), register("ben"), join("ben", "hall"));
                    CountingObserver additional = new CountingObserver();

                    Reply reply = chat.handle(send("ann", "hall", "hello"), additional);

                    assertThat(reply).isInstanceOf(Reply.Accepted.class);
                    assertThat(recording.receivedBy("ben")).last().isInstanceOf(MessageSent.class);
                    assertThat(additional.deliveries).hasValue(1);
                }));
    }

    @Test
    void replyHandlerThatThrowsDoesNotFailTheCommandNorLaterDeliveries() {
        ChatService chat = annAndBenInTheHall(store);

        Reply reply = chat.handle(send("ann", "hall", "hello"), ChatObserver.NONE, received -> {
            throw new IllegalStateException("connection closed");
        });
        execute(chat, send("ben", "hall", "hello"));

        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        assertThat(gateway.receivedBy("ben").stream().filter(MessageSent.class::isInstance))
                .hasSize(2);
    }

    @Test
    void replyHandlerReceivesTheReturnedReplyOnce() {
        ChatService chat = annAndBenInTheHall(store);
        Queue<Reply> replies = new ConcurrentLinkedQueue<>();

        Reply accepted = chat.handle(send("ann", "hall", "hello"), ChatObserver.NONE, replies::add);
        Reply rejected = chat.handle(send("ann", "attic", "hello"), ChatObserver.NONE, replies::add);
        Reply withoutEvents = chat.handle(join("ann", "hall"), ChatObserver.NONE, replies::add);

        assertThat(replies).containsExactly(accepted, rejected, withoutEvents);
    }

    @Test
    void replyHandlerIsNotCalledIfTheStoreFails() {
        ChatService chat = annAndBenInTheHall(store);
        Queue<Reply> replies = new ConcurrentLinkedQueue<>();
        store.before(1, () -> {
            throw new StoreException("down");
        });

        assertThatThrownBy(() -> chat.handle(send("ann", "hall", "hello"), ChatObserver.NONE, replies::add))
                .isInstanceOf(StoreException.class);

        assertThat(replies).isEmpty();
        execute(chat, send("ann", "hall", "hello"));
    }

    // --- idempotency and catching up ---

    @Test
    void messageRepeatedUnderItsIdHasTheReceiptOfTheFirst() {
        ChatService chat = annAndBenInTheHall(store);
        var message = send("ann", "hall", "hello", "id-1");
        Reply.Accepted first = (Reply.Accepted) chat.handle(message);
        Reply.Accepted second = (Reply.Accepted) chat.handle(message.withRoom(Option.none()));

        assertThat(second.events()).isEmpty();
        assertThat(second.receipt(message)).isEqualTo(first.receipt(message));
        assertThat(texts()).containsExactly("hello");
    }

    @Test
    void historySinceAnEventBeyondTheNewestIsTheLatestHistory() {
        ChatService chat = annAndBenInTheHall(store);
        execute(chat, send("ann", "hall", "one"), send("ann", "hall", "two"));
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

    private List<ConnectionId> registered() {
        return store.registered().map(ReadModels.RegisteredUser::connection).asJava();
    }

    private List<String> texts() {
        return texts(store);
    }

    private static List<String> texts(ChatStore store) {
        return store.read(StreamId.of(HALL), 0)
                .filter(MessageSent.class::isInstance)
                .map(event -> ((MessageSent) event).text().value())
                .toJavaList();
    }

    /** Throws any throwable, as a class that cannot be loaded does. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** A fault that happens to the first message only. */
    private abstract static class FaultOfFirstMessage implements Faults {
        private boolean happened;

        static boolean isMessage(Append append) {
            return append.events().exists(MessageSent.class::isInstance);
        }

        boolean isFirst() {
            boolean first = !happened;
            happened = true;
            return first;
        }
    }

    /** Throws when a room is left. */
    private record ThrowingAtLeave(Throwable thrown) implements Faults {
        @Override
        public boolean losesRequest(Append append) {
            if (append.events().exists(ChatEvent.RoomLeft.class::isInstance)) {
                throw sneaky(thrown);
            }
            return false;
        }
    }

    /** Throws at every call about a message. */
    private record ThrowingObserver(Throwable thrown) implements ChatObserver {
        @Override
        public void committed(Append append) {
            throwIf(append.events().head() instanceof MessageSent);
        }

        @Override
        public void replied(ChatCommand command, Reply reply, Duration took) {
            throwIf(command instanceof ChatCommand.SendMessage);
        }

        @Override
        public void delivered(ChatEvent event, io.vavr.collection.Map<Delivery, Integer> outcomes, Duration took) {
            throwIf(event instanceof MessageSent);
        }

        private void throwIf(boolean message) {
            if (message) {
                throw sneaky(thrown);
            }
        }
    }

    /** Counts what the service reports. */
    private static final class CountingObserver implements ChatObserver {
        final AtomicInteger conflicts = new AtomicInteger();
        final AtomicInteger repeats = new AtomicInteger();
        final AtomicInteger deliveries = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        final Queue<ConnectionId> failedDisconnects = new ConcurrentLinkedQueue<>();

        void reset() {
            conflicts.set(0);
            repeats.set(0);
            deliveries.set(0);
            failures.set(0);
        }

        @Override
        public void conflicted(Append append) {
            conflicts.incrementAndGet();
        }

        @Override
        public void repeated(Append append, OutcomeUnknownException cause) {
            repeats.incrementAndGet();
        }

        @Override
        public void delivered(ChatEvent event, io.vavr.collection.Map<Delivery, Integer> outcomes, Duration took) {
            deliveries.incrementAndGet();
        }

        @Override
        public void deliveryFailed(ChatEvent event, RuntimeException cause) {
            failures.incrementAndGet();
        }

        @Override
        public void disconnectFailed(ConnectionId connection, RuntimeException cause) {
            failedDisconnects.add(connection);
        }
    }
}
