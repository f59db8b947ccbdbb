package dev.chatlab.ports;

import java.security.SecureRandom;
import java.time.Duration;

/** A moment after which nobody waits any longer. */
record Deadline(long nanoTime) {

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    boolean passed() {
        return System.nanoTime() - nanoTime >= 0;
    }

    /** The time left, never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /**
     * Waits a random while between the two, so that those who met once do not meet again; random also among processes that were
     * restored from one snapshot, in which any other generator goes on from where it was. False if there is no time to.
     */
    boolean pause(Duration least, Duration most) {
        Duration pause = Duration.ofNanos(new SecureRandom().nextLong(least.toNanos(), most.toNanos() + 1));
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
