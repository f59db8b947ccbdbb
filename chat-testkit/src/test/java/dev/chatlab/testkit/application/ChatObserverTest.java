package dev.chatlab.testkit.application;

import static dev.chatlab.testkit.application.RecordingGateway.connect;
import static dev.chatlab.testkit.application.RecordingGateway.given;
import static dev.chatlab.testkit.application.RecordingGateway.join;
import static dev.chatlab.testkit.application.RecordingGateway.openRoom;
import static dev.chatlab.testkit.application.RecordingGateway.register;
import static dev.chatlab.testkit.application.RecordingGateway.say;
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

/** Who is told of what a service does, and of what. */
class ChatObserverTest {

    private static final ServiceSettings HASTY =
            new ServiceSettings(Duration.ofSeconds(20), Duration.ZERO, Duration.ofMillis(2), 8, true);

    private final RecordingGateway people = new RecordingGateway();
    private final Notes everything = new Notes();
    private final Notes own = new Notes();

    @Test
    void whoeverWatchesACommandIsToldOfItAndOfAllThatComesOfIt() {
        ChatService chat = annBenAndCatInTheHall(new InMemoryChatStore(), people);
        people.vanish("ben");

        chat.handle(say("ann", "hall", "hello"), own);

        assertThat(own.taken()).startsWith("committed MessageSent", "replied SendMessage Accepted");
        assertThat(own.taken())
                .containsExactlyInAnyOrder(
                        "committed MessageSent",
                        "replied SendMessage Accepted",
                        "delivered MessageSent: DELIVERED 2, GONE 1",
                        "committed RoomLeft",
                        "committed Disconnected",
                        "delivered RoomLeft: DELIVERED 2");
        assertThat(everything.taken()).containsExactlyInAnyOrderElementsOf(own.taken());
    }

    @Test
    void andOfNothingElse() {
        ChatService chat = annBenAndCatInTheHall(new InMemoryChatStore(), people);
        chat.handle(say("ann", "hall", "hello"), own);
        List<String> before = own.taken();

        given(chat, say("ben", "hall", "hello yourself"));

        assertThat(own.taken()).isEqualTo(before);
        assertThat(everything.taken()).hasSize(2 * before.size());
    }

    @Test
    void conflictsLostAnswersAndFailedDeliveriesAreTold() {
        AtomicInteger appends = new AtomicInteger();
        Gateway broken = (event, recipients) -> {
            if (event instanceof ChatEvent.MessageSent) {
                throw new IllegalStateException("out of order");
            }
            return people.deliver(event, recipients);
        };
        ChatService chat = annBenAndCatInTheHall(
                new FaultyStore(new InMemoryChatStore(), new Faults() {
                    @Override
                    public boolean conflicts(Append append) {
                        return says(append) && appends.getAndIncrement() == 0;
                    }

                    @Override
                    public boolean losesAnswer(Append append) {
                        return says(append) && appends.getAndIncrement() == 2;
                    }
                }),
                broken);

        chat.handle(say("ann", "hall", "hello"), own);

        assertThat(own.taken())
                .containsExactlyInAnyOrder(
                        "conflicted MessageSent",
                        "repeated MessageSent",
                        "committed MessageSent",
                        "replied SendMessage Accepted",
                        "delivery of MessageSent failed: out of order");
        assertThat(everything.taken()).containsExactlyInAnyOrderElementsOf(own.taken());
    }

    @Test
    void refusalsAreTold() {
        ChatService chat = annBenAndCatInTheHall(new InMemoryChatStore(), people);

        chat.handle(say("ann", "attic", "hello"), own);

        assertThat(own.taken()).containsExactly("replied SendMessage Rejected");
    }

    private ChatService annBenAndCatInTheHall(ChatStore store, Gateway gateway) {
        ChatService chat = new ChatService(store, gateway, ChatPolicy.DEFAULT, HASTY, everything);
        given(chat, connect("ann"), register("ann"), openRoom("ann", "hall"));
        given(chat, connect("ben"), register("ben"), join("ben", "hall"));
        given(chat, connect("cat"), register("cat"), join("cat", "hall"));
        everything.taken.clear();
        return chat;
    }

    private static boolean says(Append append) {
        return append.events().exists(ChatEvent.MessageSent.class::isInstance);
    }

    /** Records the calls. */
    private static final class Notes implements ChatObserver {
        private final Queue<String> taken = new ConcurrentLinkedQueue<>();

        List<String> taken() {
            return List.copyOf(taken);
        }

        @Override
        public void committed(Append append) {
            taken.add("committed " + names(append));
        }

        @Override
        public void conflicted(Append append) {
            taken.add("conflicted " + names(append));
        }

        @Override
        public void repeated(Append append, OutcomeUnknownException lost) {
            taken.add("repeated " + names(append));
        }

        @Override
        public void replied(ChatCommand command, Reply reply, Duration took) {
            assertThat(took).isPositive();
            taken.add("replied " + name(command) + " " + name(reply));
        }

        @Override
        public void delivered(ChatEvent event, Map<Gateway.Delivery, Integer> outcomes, Duration took) {
            assertThat(took).isPositive();
            taken.add("delivered " + name(event) + ": "
                    + outcomes.toVector()
                            .sortBy(outcome -> outcome._1)
                            .map(outcome -> outcome._1 + " " + outcome._2)
                            .mkString(", "));
        }

        @Override
        public void deliveryFailed(ChatEvent event, RuntimeException cause) {
            taken.add("delivery of " + name(event) + " failed: " + cause.getMessage());
        }

        private static String names(Append append) {
            return append.events().map(Notes::name).mkString(" ");
        }

        private static String name(Object value) {
            return value.getClass().getSimpleName();
        }
    }
}
