package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Under contention, every acknowledged message is stored once. */
class ContentionTest {

    @Test
    void tenSendersWithoutPausesLoseNoMessage() {
        var result = new ContentionBenchmark(TestDynamoDb.client(), 10, Duration.ofMillis(1))
                .closedLoop(Duration.ofSeconds(2));

        assertNoMessageIsLost(result);
    }

    @Test
    void moreMessagesThanCanBeAppendedLoseNoMessage() {
        var result = new ContentionBenchmark(TestDynamoDb.client(), 20, Duration.ofMillis(1))
                .openLoop(50, Duration.ofSeconds(4));

        assertNoMessageIsLost(result);
        assertThat(result.acknowledged() + result.busy()).isEqualTo(200);
    }

    /** A message that was answered with {@code Busy} may be stored. */
    private static void assertNoMessageIsLost(ContentionBenchmark.Result result) {
        assertThat(result.acknowledged()).isPositive();
        assertThat(result.stored()).isBetween(result.acknowledged(), result.acknowledged() + result.busy());
    }
}
