package dev.chatlab.testkit;

import io.vavr.collection.Seq;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/** For what may lag: it has to become true, and need not be so at once. */
final class Eventually {

    private static final int PATIENCE = 200;

    private Eventually() {}

    static <T> void assertThat(Supplier<Seq<T>> read, Predicate<Seq<T>> condition) {
        Seq<T> last = read.get();
        for (int i = 0; i < PATIENCE && !condition.test(last); i++) {
            pause();
            last = read.get();
        }
        Assertions.assertThat(condition.test(last))
                .as("at last there is %s", last)
                .isTrue();
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
