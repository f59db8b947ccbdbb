package dev.chatlab.testkit.application;

import static dev.chatlab.testkit.application.Commands.connect;
import static dev.chatlab.testkit.application.Commands.createRoom;
import static dev.chatlab.testkit.application.Commands.execute;
import static dev.chatlab.testkit.application.Commands.join;
import static dev.chatlab.testkit.application.Commands.register;
import static dev.chatlab.testkit.application.Commands.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.application.ServiceSettings;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.Gateway;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import io.vavr.collection.Map;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a {@link ChatService} reports to its own observer and to the additional observer of one command. */
class ChatObserverTest {

    private static final ServiceSettings SHORT_PAUSES =
            new ServiceSettings(Duration.ofSeconds(20), Duration.ZERO, Duration.ofMillis(2), 8, true);

    private final RecordingGateway gateway = new RecordingGateway();
    private final Recorder everything = new Recorder();
    private final Recorder own = new Recorder();

    @Test
    void observerOfOneCommandReceivesTheCommandItsDeliveriesAndItsDisconnects() {
        ChatService chat = annBenAndCatInTheHall(new InMemoryChatStore(), gateway);
        gateway.answer("ben", Gateway.Delivery.GONE);

        chat.handle(send("ann", "hall", "hello"), own);

        assertThat(own.records()).startsWith("committed MessageSent", "replied SendMessage Accepted");
        assertThat(own.records())
                .containsExactlyInAnyOrder(
                        "committed MessageSent",
                        "replied SendMessage Accepted",
                        "delivered MessageSent: DELIVERED 2, GONE 1",
                        "committed RoomLeft",
                        "committed Disconnected",
                        "delivered RoomLeft: DELIVERED 2");
        assertThat(everything.records()).containsExactlyInAnyOrderElementsOf(own.records());
    }

    @Test
    void observerOfOneCommandReceivesNoOtherCommand() {
        ChatService chat = annBenAndCatInTheHall(new InMemoryChatStore(), gateway);
        chat.handle(send("ann", "hall", "hello"), own);
        List<String> before = own.records();

        execute(chat, send("ben", "hall", "hello yourself"));

        assertThat(own.records()).isEqualTo(before);
        assertThat(everything.records()).hasSize(2 * before.size());
    }

    @Test
    void conflictRepetitionAndFailedDeliveryAreReported() {
        AtomicInteger appends = new AtomicInteger();
        Gateway failing = (event, recipients) -> {
            if (event instanceof ChatEvent.MessageSent) {
                throw new IllegalStateException("no network");
            }
            return gateway.deliver(event, recipients);
        };
        ChatService chat = annBenAndCatInTheHall(
                new FaultyStore(new InMemoryChatStore(), new Faults() {
                    @Override
                    public boolean conflicts(Append append) {
                        return isMessage(append) && appends.getAndIncrement() == 0;
                    }

                    @Override
                    public boolean losesAnswer(Append append) {
                        return isMessage(append) && appends.getAndIncrement() == 2;
                    }
                }),
                failing);

        chat.handle(send("ann", "hall", "hello"), own);

        assertThat(own.records())
                .containsExactlyInAnyOrder(
                        "conflicted MessageSent",
                        "repeated MessageSent",
                        "committed MessageSent",
                        "replied SendMessage Accepted",
                        "delivery of MessageSent failed: no network");
        assertThat(everything.records()).containsExactlyInAnyOrderElementsOf(own.records());
    }

    @Test
    void rejectionIsReported() {
        ChatService chat = annBenAndCatInTheHall(new InMemoryChatStore(), gateway);

        chat.handle(send("ann", "attic", "hello"), own);

        assertThat(own.records()).containsExactly("replied SendMessage Rejected");
    }

    private ChatService annBenAndCatInTheHall(ChatStore store, Gateway gateway) {
        ChatService chat = new ChatService(store, gateway, ChatPolicy.DEFAULT, SHORT_PAUSES, everything);
        execute(chat, connect("ann"), register("ann"), createRoom("ann", "hall"));
        execute(chat, connect("ben"), register("ben"), join("ben", "hall"));
        execute(chat, connect("cat"), register("cat"), join("cat", "hall"));
        everything.records.clear();
        return chat;
    }

    private static boolean isMessage(Append append) {
        return append.events().exists(ChatEvent.MessageSent.class::isInstance);
    }

    /** Records the calls. */
    private static final class Recorder implements ChatObserver {
        private final Queue<String> records = new ConcurrentLinkedQueue<>();

        List<String> records() {
            return List.copyOf(records);
        }

        @Override
        public void committed(Append append) {
            records.add("committed " + names(append));
        }

        @Override
        public void conflicted(Append append) {
            records.add("conflicted " + names(append));
        }

        @Override
        public void repeated(Append append, OutcomeUnknownException cause) {
            records.add("repeated " + names(append));
        }

        @Override
        public void replied(ChatCommand command, Reply reply, Duration took) {
            assertThat(took).isPositive();
            records.add("replied " + name(command) + " " + name(reply));
        }

        @Override
        public void delivered(ChatEvent event, Map<Gateway.Delivery, Integer> outcomes, Duration took) {
            assertThat(took).isPositive();
            records.add("delivered " + name(event) + ": "
                    + outcomes.toVector()
                            .sortBy(outcome -> outcome._1)
                            .map(outcome -> outcome._1 + " " + outcome._2)
                            .mkString(", "));
        }

        @Override
        public void deliveryFailed(ChatEvent event, RuntimeException cause) {
            records.add("delivery of " + name(event) + " failed: " + cause.getMessage());
        }

        private static String names(Append append) {
            return append.events().map(Recorder::name).mkString(" ");
        }

        private static String name(Object value) {
            return value.getClass().getSimpleName();
        }
    }
}
