package dev.chatlab.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedParallelTest {

    private static final int LIMIT = 4;

    private final BoundedParallel parallel = new BoundedParallel(LIMIT);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Test
    void actionRunsOnceForEachElement() {
        Queue<Integer> done = new ConcurrentLinkedQueue<>();
        List<Integer> elements = IntStream.range(0, 1_000).boxed().toList();

        parallel.forEach(elements, done::add);

        assertThat(done).containsExactlyInAnyOrderElementsOf(elements);
    }

    @Test
    void noElementsRunNothing() {
        parallel.forEach(List.<Integer>of(), element -> {
            throw new AssertionError(element);
        });
    }

    @Test
    void asManyActionsAsTheLimitRunAtTheSameTimeAndNoMore() {
        CountDownLatch full = new CountDownLatch(LIMIT);

        parallel.forEach(IntStream.range(0, 100).boxed().toList(), element -> {
            full.countDown();
            await(full);
            counted();
        });

        assertThat(most).hasValueBetween(1, LIMIT);
    }

    @Test
    void limitHoldsForAllCallersTogether() throws InterruptedException {
        List<List<Integer>> calls = List.of(List.of(1), List.of(2, 3), List.of(4), List.of(5, 6, 7, 8, 9));

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                List<Integer> elements = calls.get(i % calls.size());
                callers.execute(() -> parallel.forEach(elements, element -> counted()));
            }
        }

        assertThat(most).hasValueBetween(1, LIMIT);
    }

    @Test
    void singleElementWaitsForPermit() throws InterruptedException {
        Semaphore started = new Semaphore(0);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.execute(
                    () -> parallel.forEach(IntStream.range(0, LIMIT).boxed().toList(), element -> {
                        started.release();
                        await(end);
                    }));
            started.acquire(LIMIT);
            callers.execute(() -> parallel.forEach(List.of(0), element -> started.release()));

            assertThat(started.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
            end.countDown();
            assertThat(started.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void permitOfActionThatThrowsIsReleased() {
        for (int i = 0; i < 2 * LIMIT; i++) {
            assertThatThrownBy(() -> parallel.forEach(List.of(0), element -> {
                        throw new IllegalStateException("a defect");
                    }))
                    .hasMessage("a defect");
        }

        Queue<Integer> done = new ConcurrentLinkedQueue<>();
        parallel.forEach(List.of(1, 2), done::add);

        assertThat(done).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void limitBelowOneIsRejected() {
        assertThatThrownBy(() -> new BoundedParallel(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private void counted() {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        LockSupport.parkNanos(1);
        running.decrementAndGet();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the other actions did not start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
