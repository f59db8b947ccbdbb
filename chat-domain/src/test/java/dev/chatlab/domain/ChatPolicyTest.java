package dev.chatlab.domain;

import static dev.chatlab.domain.ChatPolicy.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The limits of the policy, and its defaults. */
class ChatPolicyTest {

    @Test
    void defaultLifetimeIsLongerThanThatOfAnApiGatewayConnection() {
        assertThat(DEFAULT.connectionLifetime()).isGreaterThan(Duration.ofHours(2));
    }

    @Test
    void connectionLifetimeMustBePositive() {
        assertThat(DEFAULT.withConnectionLifetime(Duration.ofNanos(1)).connectionLifetime())
                .isEqualTo(Duration.ofNanos(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withConnectionLifetime(Duration.ZERO))
                .withMessage("connectionLifetime must be positive");
    }

    @Test
    void roomLimitMustBeAtLeastOne() {
        assertThat(DEFAULT.withMaxRoomsPerConnection(1).maxRoomsPerConnection()).isOne();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withMaxRoomsPerConnection(0))
                .withMessage("maxRoomsPerConnection must be at least 1");
    }

    @Test
    void historyOnJoinMustNotBeNegative() {
        assertThat(DEFAULT.withHistoryOnJoin(0).historyOnJoin()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withHistoryOnJoin(-1))
                .withMessage("historyOnJoin must not be negative");
    }
}
