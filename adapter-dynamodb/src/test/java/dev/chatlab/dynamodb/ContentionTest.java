package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** However many there are, what was acknowledged is stored, once. */
class ContentionTest {

    @Test
    void aCrowdInOneRoom() {
        var result = new Contention(Engine.client(), 10, Duration.ofMillis(1)).closedLoop(Duration.ofSeconds(2));

        nothingIsLost(result);
    }

    @Test
    void moreThanThereAreTurnsFor() {
        var result = new Contention(Engine.client(), 20, Duration.ofMillis(1)).openLoop(50, Duration.ofSeconds(4));

        nothingIsLost(result);
        assertThat(result.sent() + result.busy()).isEqualTo(200);
    }

    /** Whoever was turned away may have been heard all the same. */
    private static void nothingIsLost(Contention.Result result) {
        assertThat(result.sent()).isPositive();
        assertThat(result.stored()).isBetween(result.sent(), result.sent() + result.busy());
    }
}
