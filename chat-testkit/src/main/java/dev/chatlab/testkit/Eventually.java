package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits until a value that may lag fulfils a condition. */
final class Eventually {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration INTERVAL = Duration.ofMillis(1);

    private Eventually() {}

    /** Reads until the condition is true, and returns the value that fulfils it. Fails if that takes longer than two seconds. */
    static <T> T await(Supplier<T> read, Predicate<T> condition) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        T value = read.get();
        while (!condition.test(value) && System.nanoTime() < deadline) {
            pause();
            value = read.get();
        }
        assertThat(value).as("value after %s", TIMEOUT).matches(condition);
        return value;
    }

    private static void pause() {
        try {
            Thread.sleep(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
