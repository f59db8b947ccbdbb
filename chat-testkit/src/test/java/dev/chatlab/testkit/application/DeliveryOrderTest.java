package dev.chatlab.testkit.application;

import static dev.chatlab.testkit.application.Commands.connect;
import static dev.chatlab.testkit.application.Commands.connection;
import static dev.chatlab.testkit.application.Commands.createRoom;
import static dev.chatlab.testkit.application.Commands.disconnect;
import static dev.chatlab.testkit.application.Commands.execute;
import static dev.chatlab.testkit.application.Commands.join;
import static dev.chatlab.testkit.application.Commands.register;
import static dev.chatlab.testkit.application.Commands.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.application.ServiceSettings;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.Gateway;
import dev.chatlab.ports.ReadModels;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which events of one room and replies leave a {@link ChatService}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeliveryOrderTest {

    private static final RoomName HALL = new RoomName("hall");
    private static final int SENDERS = 8;
    private static final int MESSAGES = 25;

    /** What left the service: events of the hall as {@code event 7}, replies as {@code reply 7}. */
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private final InMemoryChatStore store = new InMemoryChatStore();

    // --- events ---

    @Test
    void eventsOfOneRoomReachTheGatewayInCommitOrder() {
        ChatService chat = chat(new OvertakableGateway(), true);

        sendConcurrently(chat);

        assertThat(log).isEqualTo(inOrder());
    }

    /** Shows that the test above can fail: without the order, the same gateway sees later events first. */
    @Test
    void eventsOfOneRoomOvertakeEachOtherIfOrderIsOff() {
        ChatService chat = chat(new OvertakableGateway(), false);

        sendConcurrently(chat);

        assertThat(log).containsExactlyInAnyOrderElementsOf(inOrder()).isNotEqualTo(inOrder());
    }

    @Test
    void slowDeliveryInOneRoomDoesNotDelayAnother() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Gateway slowHall = (event, recipients) -> {
            if (isMessage(event, HALL)) {
                await(end);
            }
            return delivered();
        };
        ChatService chat = chat(slowHall, true);
        execute(chat, createRoom("p0", "attic"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reply> hall = threads.submit(() -> chat.handle(send("p1", "hall", "slow")));

            execute(chat, send("p0", "attic", "quick"));

            assertThat(hall.isDone()).isFalse();
            end.countDown();
            assertThat(hall.get(30, TimeUnit.SECONDS)).isInstanceOf(Reply.Accepted.class);
        }
    }

    // --- replies ---

    @Test
    void replyFollowsItsOwnEventAndPrecedesLaterEvents() {
        ChatService chat = chat(recording(), true);

        sendConcurrently(chat, (sender, reply) -> log.add("reply " + seq(reply)));

        assertThat(log)
                .isEqualTo(inOrder().stream()
                        .flatMap(event -> List.of(event, event.replace("event", "reply")).stream())
                        .toList());
    }

    @Test
    void replyOfJoinPrecedesLaterEventsOfTheRoom() throws Exception {
        ChatService chat = chat(recording(), true);
        execute(chat, connect("joiner"), register("joiner"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(() -> sendConcurrently(chat));
            threads.execute(() ->
                    chat.handle(join("joiner", "hall"), ChatObserver.NONE, reply -> log.add("reply " + seq(reply))));
        }

        String reply = log.stream()
                .filter(entry -> entry.startsWith("reply"))
                .findFirst()
                .orElseThrow();
        int index = log.indexOf(reply);
        assertThat(log.get(index - 1)).isEqualTo(reply.replace("reply", "event"));
        List<String> events = new ArrayList<>(log);
        events.remove(index);
        assertThat(events).isEqualTo(inOrder(SENDERS * MESSAGES + 1));
    }

    /** The reply contains the room's state, so it must not arrive before the events of that state. */
    @Test
    void replyWithoutEventsFollowsTheEventsThatItsStateContains() throws Exception {
        CountDownLatch committed = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Gateway slow = (event, recipients) -> {
            if (isMessage(event, HALL)) {
                committed.countDown();
                await(end);
            }
            return recording().deliver(event, recipients);
        };
        ChatService chat = chat(slow, true);
        log.clear();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(() -> execute(chat, send("p0", "hall", "hello")));
            committed.await();
            Thread joining = Thread.ofVirtual()
                    .start(() -> chat.handle(
                            join("p1", "hall"), ChatObserver.NONE, reply -> log.add("reply " + seq(reply))));
            awaitWaitingOrEnd(joining);
            assertThat(log).isEmpty();
            end.countDown();
            joining.join();
        }

        long seq = SENDERS + 1;
        assertThat(log).containsExactly("event " + seq, "reply " + seq);
    }

    // --- commands that a gateway or an observer executes ---

    /** As a host does that closes a connection whose queue is full. */
    @Test
    void gatewayThatDisconnectsConnectionDuringDeliveryDoesNotBlockTheRoom() {
        var host = new Object() {
            final AtomicBoolean closed = new AtomicBoolean();
            Reply reply = new Reply.Busy();
        };
        ChatService[] chat = new ChatService[1];
        chat[0] = chat(
                (event, recipients) -> {
                    if (isMessage(event, HALL) && host.closed.compareAndSet(false, true)) {
                        host.reply = chat[0].handle(disconnect("p1"));
                    }
                    return recording().deliver(event, recipients);
                },
                true);
        log.clear();

        execute(chat[0], send("p0", "hall", "hello"), send("p0", "hall", "hello again"));

        assertThat(host.reply).isInstanceOf(Reply.Accepted.class);
        assertThat(store.registered())
                .extracting(ReadModels.RegisteredUser::connection)
                .doesNotContain(connection("p1"));
        long seq = SENDERS;
        assertThat(log).containsExactly("event " + (seq + 1), "event " + (seq + 2), "event " + (seq + 3));
    }

    @Test
    void connectionThatIsGoneDuringDeliveryOfNestedCommandIsDisconnected() {
        AtomicBoolean closed = new AtomicBoolean();
        ChatService[] chat = new ChatService[1];
        chat[0] = chat(
                (event, recipients) -> {
                    if (isMessage(event, HALL) && closed.compareAndSet(false, true)) {
                        execute(chat[0], disconnect("p1"));
                    }
                    return event instanceof ChatEvent.RoomLeft left
                                    && left.connection().equals(connection("p1"))
                            ? HashMap.of(connection("p2"), Gateway.Delivery.GONE)
                            : delivered();
                },
                true);

        execute(chat[0], send("p0", "hall", "hello"));

        assertThat(store.registered())
                .extracting(ReadModels.RegisteredUser::connection)
                .doesNotContain(connection("p1"), connection("p2"))
                .contains(connection("p3"));
    }

    @Test
    void replyOfNestedCommandFollowsItsEvents() {
        AtomicBoolean nested = new AtomicBoolean();
        ChatService[] chat = new ChatService[1];
        chat[0] = chat(
                (event, recipients) -> {
                    if (isMessage(event, HALL) && nested.compareAndSet(false, true)) {
                        chat[0].handle(
                                send("p1", "hall", "nested"),
                                ChatObserver.NONE,
                                reply -> log.add("nested reply " + seq(reply)));
                    }
                    return recording().deliver(event, recipients);
                },
                true);
        log.clear();

        chat[0].handle(send("p0", "hall", "outer"), ChatObserver.NONE, reply -> log.add("reply " + seq(reply)));

        long seq = SENDERS + 1;
        assertThat(log)
                .containsExactly("event " + seq, "reply " + seq, "event " + (seq + 1), "nested reply " + (seq + 1));
    }

    /** The observer runs while the room's stream is locked and the event has its place, but is not delivered. */
    @Test
    void observerThatSendsToTheSameRoomOnCommitDoesNotBlockTheRoom() {
        AtomicBoolean nested = new AtomicBoolean();
        ChatService[] chat = new ChatService[1];
        ChatObserver echo = new ChatObserver() {
            @Override
            public void committed(Append append) {
                if (isMessage(append.events().head(), HALL) && nested.compareAndSet(false, true)) {
                    execute(chat[0], send("p1", "hall", "echo"));
                }
            }
        };
        chat[0] = new ChatService(store, recording(), ChatPolicy.DEFAULT, ServiceSettings.DEFAULT, echo);
        membersOfTheHall(chat[0]);
        log.clear();

        execute(chat[0], send("p0", "hall", "hello"));

        long seq = SENDERS + 1;
        assertThat(log).containsExactly("event " + seq, "event " + (seq + 1));
    }

    // --- set-up ---

    /** A service with p0, p1, … in the hall. */
    private ChatService chat(Gateway gateway, boolean ordered) {
        ChatService chat = new ChatService(
                store, gateway, ChatPolicy.DEFAULT, ServiceSettings.DEFAULT.withOrdered(ordered), ChatObserver.NONE);
        membersOfTheHall(chat);
        log.clear();
        return chat;
    }

    private static void membersOfTheHall(ChatService chat) {
        for (int i = 0; i < SENDERS; i++) {
            String user = "p" + i;
            execute(chat, connect(user), register(user), i == 0 ? createRoom(user, "hall") : join(user, "hall"));
        }
    }

    private static void sendConcurrently(ChatService chat) {
        sendConcurrently(chat, (sender, reply) -> {});
    }

    private static void sendConcurrently(ChatService chat, ReplyHandler replies) {
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SENDERS; i++) {
                String sender = "p" + i;
                senders.execute(() -> {
                    for (int message = 0; message < MESSAGES; message++) {
                        chat.handle(
                                send(sender, "hall", "m" + message),
                                ChatObserver.NONE,
                                reply -> replies.replied(sender, reply));
                    }
                });
            }
        }
    }

    private static List<String> inOrder() {
        return inOrder(SENDERS * MESSAGES);
    }

    private static List<String> inOrder(long events) {
        return LongStream.rangeClosed(SENDERS + 1, SENDERS + events)
                .mapToObj(seq -> "event " + seq)
                .toList();
    }

    private Gateway recording() {
        return (event, recipients) -> {
            if (event instanceof ChatEvent.OfRoom ofRoom && ofRoom.room().equals(HALL)) {
                log.add("event " + ofRoom.seq());
            }
            return delivered();
        };
    }

    private static boolean isMessage(ChatEvent event, RoomName room) {
        return event instanceof ChatEvent.MessageSent message && message.room().equals(room);
    }

    private static long seq(Reply reply) {
        return ((Reply.Accepted) reply).chat().open(HALL).get().seq();
    }

    private static Map<ConnectionId, Gateway.Delivery> delivered() {
        return HashMap.empty();
    }

    private static void awaitWaitingOrEnd(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            LockSupport.parkNanos(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private interface ReplyHandler {
        void replied(String sender, Reply reply);
    }

    /** Gives every fifth event's successor the time to overtake it, if the service lets it. */
    private final class OvertakableGateway implements Gateway {

        @Override
        public Map<ConnectionId, Delivery> deliver(ChatEvent event, Set<ConnectionId> recipients) {
            if (event instanceof ChatEvent.MessageSent message && message.seq() % 5 == 0) {
                String next = "event " + (message.seq() + 1);
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
                while (!log.contains(next) && System.nanoTime() < end) {
                    LockSupport.parkNanos(1);
                }
            }
            return recording().deliver(event, recipients);
        }
    }
}
