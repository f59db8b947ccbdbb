package dev.chatlab.testkit;

import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;

/**
 * The faults that a {@link FaultyStore} injects. Each method is asked at every call that it concerns, and by default there is no
 * fault. All of them occur with a store on a network.
 */
public interface Faults {

    /** No faults. */
    Faults NONE = new Faults() {};

    /** By how many events a stale load of this stream lags, 0 or more. Each stream lags independently. */
    default int lag(StreamId stream) {
        return 0;
    }

    /** Whether the append conflicts without winners although no other append was committed first. It is not stored. */
    default boolean conflicts(Append append) {
        return false;
    }

    /** Whether the request is lost: the append is not stored, and its outcome is unknown to the caller. */
    default boolean losesRequest(Append append) {
        return false;
    }

    /** Whether the answer is lost: the append is handled, and its outcome is unknown to the caller. */
    default boolean losesAnswer(Append append) {
        return false;
    }
}
