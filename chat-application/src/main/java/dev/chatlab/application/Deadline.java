package dev.chatlab.application;

import java.security.SecureRandom;
import java.time.Duration;

/** The time at which a command stops waiting and is answered with {@link Reply.Busy}. */
record Deadline(long nanoTime) {

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** The time left, never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /**
     * Sleeps for a random time between the two, so that commands that conflicted once do not conflict again. Returns false, without
     * sleeping, if the deadline comes first.
     */
    boolean backOff(Duration shortest, Duration longest) {
        // SecureRandom: processes that are restored from one snapshot would otherwise draw the same numbers.
        Duration pause = Duration.ofNanos(new SecureRandom().nextLong(shortest.toNanos(), longest.toNanos() + 1));
        if (pause.compareTo(remaining()) >= 0) {
            return false;
        }
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
