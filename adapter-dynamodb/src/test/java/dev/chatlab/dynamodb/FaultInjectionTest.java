package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.dynamodb.FaultInjectingDynamoDb.FaultRates;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ConcurrentClients;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Concurrent clients on a DynamoDB with stale reads, halves of transactions, throttling and lost answers. */
class FaultInjectionTest {

    private static final Instant NOW = ChatArbitraries.START;
    private static final ConnectionId ANN = new ConnectionId("a");
    private static final ConnectionId BEN = new ConnectionId("b");
    private static final RoomName HALL = new RoomName("hall");
    private static final RosterConsistency UNCHECKED = (roster, fingerprint) -> true;

    @Test
    void concurrentClientsLoseAndDoubleNoMessageWithAllFaults() {
        LongStream.range(0, 6)
                .forEach(seed -> clients(seed).run(store(new FaultRates(6, 4), RosterConsistency.FINGERPRINT)));
    }

    @Test
    void concurrentClientsLoseAndDoubleNoMessageWithStaleReads() {
        assertThatCode(() -> LongStream.range(0, 8)
                        .forEach(seed -> clients(seed).run(store(new FaultRates(6, 0), RosterConsistency.FINGERPRINT))))
                .doesNotThrowAnyException();
    }

    @Test
    void withoutFingerprintMessagesOfFormerMembersAreAccepted() {
        assertThat(messagesAcceptedAfterLeaving(UNCHECKED)).isPositive();
    }

    @Test
    void withFingerprintNoMessageOfAFormerMemberIsAccepted() {
        assertThat(messagesAcceptedAfterLeaving(RosterConsistency.FINGERPRINT)).isZero();
    }

    /**
     * A client joins, leaves and then sends a message, 60 times.
     *
     * @return how many of the messages were accepted: without a check about every fourth
     */
    private static int messagesAcceptedAfterLeaving(RosterConsistency rosterConsistency) {
        var chat = new ChatService(
                store(new FaultRates(6, 0), rosterConsistency),
                (event, recipients) -> io.vavr.collection.HashMap.empty());
        register(chat, ANN, "Ann");
        register(chat, BEN, "Ben");
        assertAccepted(chat.handle(new CreateRoom(ANN, HALL, NOW)));
        int accepted = 0;
        for (int i = 0; i < 60; i++) {
            assertAccepted(chat.handle(new JoinRoom(BEN, HALL, NOW)));
            assertAccepted(chat.handle(new LeaveRoom(BEN, Option.some(HALL), NOW)));
            var message = new SendMessage(BEN, Option.some(HALL), new MessageText("I am not here"), Option.none(), NOW);
            if (chat.handle(message) instanceof Reply.Accepted) {
                accepted++;
            }
        }
        return accepted;
    }

    private static void register(ChatService chat, ConnectionId connection, String name) {
        assertAccepted(chat.handle(new Connect(connection, NOW)));
        var key = new ResumeKey("the-key-of-" + name + "-long-enough");
        assertAccepted(chat.handle(new RegisterUser(connection, new UserName(name), key, NOW)));
    }

    private static void assertAccepted(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
    }

    private static ConcurrentClients clients(long seed) {
        return new ConcurrentClients(seed, 4, 25);
    }

    private static DynamoDbChatStore store(FaultRates rates, RosterConsistency rosterConsistency) {
        return new DynamoDbChatStore(
                new FaultInjectingDynamoDb(TestDynamoDb.client(), rates),
                TestDynamoDb.tables(),
                Duration.ofDays(30),
                InstantSource.fixed(ChatArbitraries.START),
                rosterConsistency);
    }
}
