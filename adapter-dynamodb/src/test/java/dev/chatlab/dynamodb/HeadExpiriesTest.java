package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class HeadExpiriesTest {

    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final StreamId ROOM = StreamId.of(new RoomName("hall"));
    private static final Retention RETENTION = new Retention(Duration.ofDays(7));
    private static final Instant BY_RETENTION = RETENTION.expiry(ROOM, NOW);
    private static final Instant LATER = BY_RETENTION.plus(Duration.ofDays(20));

    private final HeadExpiries heads = new HeadExpiries(RETENTION, InstantSource.fixed(NOW));

    @Test
    void eventAfterAHeadThatExpiresLaterTakesItsExpiryOver() {
        heads.remember(ROOM, 3, LATER);

        assertThat(heads.next(ROOM, 3, NOW)).isEqualTo(LATER);
    }

    @Test
    void eventAfterAnotherHeadExpiresByTheRetention() {
        heads.remember(ROOM, 3, LATER);

        assertThat(heads.next(ROOM, 2, NOW)).isEqualTo(BY_RETENTION);
        assertThat(heads.next(StreamId.of(new RoomName("attic")), 3, NOW)).isEqualTo(BY_RETENTION);
    }

    @Test
    void eventThatExpiresAfterTheHeadExpiresByTheRetention() {
        heads.remember(ROOM, 3, LATER);
        Instant later = NOW.plus(Duration.ofDays(21));

        assertThat(heads.next(ROOM, 3, later)).isEqualTo(RETENTION.expiry(ROOM, later));
    }

    @Test
    void memoryIsBoundedAndForgetsTheLeastRecentlyUsedHead() {
        for (int version = 0; version < HeadExpiries.CAPACITY; version++) {
            heads.remember(ROOM, version, LATER);
        }
        assertThat(heads.next(ROOM, 0, NOW)).isEqualTo(LATER);

        heads.remember(ROOM, HeadExpiries.CAPACITY, LATER);

        assertThat(heads.next(ROOM, 0, NOW)).isEqualTo(LATER);
        assertThat(heads.next(ROOM, 1, NOW)).isEqualTo(BY_RETENTION);
    }
}
