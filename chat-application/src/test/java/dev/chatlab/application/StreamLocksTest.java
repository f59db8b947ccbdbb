package dev.chatlab.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamLocksTest {

    private static final StreamId HALL = StreamId.of(new RoomName("hall"));
    private static final StreamId ATTIC = StreamId.of(new RoomName("attic"));

    private final StreamLocks locks = new StreamLocks();
    private int count;

    @Test
    void freeLocksAreAcquiredWithoutWaiting() {
        try (StreamLocks.Held held = acquire(HashSet.of(HALL, ATTIC)).get()) {
            assertThat(held.waited()).isFalse();
            assertThat(held.covers(HashSet.of(ATTIC))).isTrue();
            assertThat(held.covers(HashSet.of(StreamId.of(new RoomName("cellar")))))
                    .isFalse();
        }
    }

    @Test
    void oneThreadAtATimeHoldsALock() {
        int threads = 50;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < threads; i++) {
                Set<StreamId> streams = i % 2 == 0 ? HashSet.of(HALL, ATTIC) : HashSet.of(ATTIC);
                executor.execute(() -> {
                    StreamLocks.Held held = acquire(streams).get();
                    int before = count;
                    LockSupport.parkNanos(1);
                    count = before + 1;
                    held.close();
                });
            }
        }
        assertThat(count).isEqualTo(threads);
        assertThat(locks.size()).isZero();
    }

    @Test
    void acquireAfterTheDeadlineHoldsNoneOfTheLocks() throws Exception {
        CountDownLatch acquired = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> holder = executor.submit(() -> {
                StreamLocks.Held held = acquire(HashSet.of(HALL)).get();
                acquired.countDown();
                boolean ended = end.await(30, TimeUnit.SECONDS);
                held.close();
                return ended;
            });
            acquired.await();

            assertThat(locks.acquire(HashSet.of(ATTIC, HALL), Deadline.in(Duration.ofMillis(10))))
                    .isEmpty();

            try (StreamLocks.Held held = acquire(HashSet.of(ATTIC)).get()) {
                assertThat(held.waited()).isFalse();
            }
            end.countDown();
            assertThat(holder.get()).isTrue();
        }
        assertThat(locks.size()).isZero();
    }

    private Option<StreamLocks.Held> acquire(Set<StreamId> streams) {
        return locks.acquire(streams, Deadline.in(Duration.ofSeconds(30)));
    }
}
