package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.chatlab.domain.ChatArbitraries;
import dev.chatlab.dynamodb.Adversary.Malice;
import dev.chatlab.testkit.Crowd;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A crowd on a DynamoDB that is stale, torn, throttling and forgetful. */
class AdversaryTest {

    private static final RosterCheck NONE = (roster, fingerprint) -> true;

    @Test
    void whateverDynamoDbDoesNothingIsLostNothingDoubledAndOnlyMembersSpeak() {
        LongStream.range(0, 6).forEach(seed -> crowd(seed).live(store(new Malice(6, 4), RosterCheck.FINGERPRINT)));
    }

    @Test
    void withoutTheFingerprintSomebodySpeaksWhoIsNotThere() {
        assertThat(LongStream.range(0, 40).filter(seed -> isBroken(seed, NONE)).findFirst())
                .isPresent();
    }

    @Test
    void withItNobodyDoes() {
        assertThatCode(() -> LongStream.range(0, 8)
                        .forEach(seed -> crowd(seed).live(store(new Malice(6, 0), RosterCheck.FINGERPRINT))))
                .doesNotThrowAnyException();
    }

    private static boolean isBroken(long seed, RosterCheck check) {
        try {
            crowd(seed).live(store(new Malice(6, 0), check));
            return false;
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage()).contains("is a member of");
        }
    }

    private static Crowd crowd(long seed) {
        return new Crowd(seed, 4, 25);
    }

    private static DynamoDbChatStore store(Malice malice, RosterCheck check) {
        return new DynamoDbChatStore(
                new Adversary(Engine.client(), malice),
                Engine.tables(),
                Duration.ofDays(30),
                InstantSource.fixed(ChatArbitraries.DAWN),
                check);
    }
}
