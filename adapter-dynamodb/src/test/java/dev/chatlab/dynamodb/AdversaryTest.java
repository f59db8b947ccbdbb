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
import dev.chatlab.dynamodb.Adversary.Malice;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ConcurrentClients;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A crowd on a DynamoDB that is stale, torn, throttling and forgetful. */
class AdversaryTest {

    private static final Instant NOW = ChatArbitraries.START;
    private static final ConnectionId ANN = new ConnectionId("a");
    private static final ConnectionId BEN = new ConnectionId("b");
    private static final RoomName HALL = new RoomName("hall");
    private static final RosterConsistency NONE = (roster, fingerprint) -> true;

    @Test
    void whateverDynamoDbDoesNothingIsLostNothingDoubledAndOnlyMembersSpeak() {
        LongStream.range(0, 6).forEach(seed -> crowd(seed).run(store(new Malice(6, 4), RosterConsistency.FINGERPRINT)));
    }

    @Test
    void aCrowdOnStaleReadsAlone() {
        assertThatCode(() -> LongStream.range(0, 8)
                        .forEach(seed -> crowd(seed).run(store(new Malice(6, 0), RosterConsistency.FINGERPRINT))))
                .doesNotThrowAnyException();
    }

    @Test
    void withoutTheFingerprintSomebodySpeaksWhoHasLeft() {
        assertThat(heardAfterLeaving(NONE)).isPositive();
    }

    @Test
    void withItNobodyDoes() {
        assertThat(heardAfterLeaving(RosterConsistency.FINGERPRINT)).isZero();
    }

    /** Of sixty times that somebody joins, leaves and speaks all the same, how often that is stored: without a check about every fourth. */
    private static int heardAfterLeaving(RosterConsistency check) {
        var chat = new ChatService(
                store(new Malice(6, 0), check), (event, recipients) -> io.vavr.collection.HashMap.empty());
        enter(chat, ANN, "Ann");
        enter(chat, BEN, "Ben");
        assertAccepted(chat.handle(new CreateRoom(ANN, HALL, NOW)));
        int heard = 0;
        for (int i = 0; i < 60; i++) {
            assertAccepted(chat.handle(new JoinRoom(BEN, HALL, NOW)));
            assertAccepted(chat.handle(new LeaveRoom(BEN, Option.some(HALL), NOW)));
            var words = new SendMessage(BEN, Option.some(HALL), new MessageText("I am not here"), Option.none(), NOW);
            if (chat.handle(words) instanceof Reply.Accepted) {
                heard++;
            }
        }
        return heard;
    }

    private static void enter(ChatService chat, ConnectionId connection, String name) {
        assertAccepted(chat.handle(new Connect(connection, NOW)));
        var key = new ResumeKey("the-key-of-" + name + "-long-enough");
        assertAccepted(chat.handle(new RegisterUser(connection, new UserName(name), key, NOW)));
    }

    private static void assertAccepted(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
    }

    private static ConcurrentClients crowd(long seed) {
        return new ConcurrentClients(seed, 4, 25);
    }

    private static DynamoDbChatStore store(Malice malice, RosterConsistency check) {
        return new DynamoDbChatStore(
                new Adversary(Engine.client(), malice),
                Engine.tables(),
                Duration.ofDays(30),
                InstantSource.fixed(ChatArbitraries.START),
                check);
    }
}
