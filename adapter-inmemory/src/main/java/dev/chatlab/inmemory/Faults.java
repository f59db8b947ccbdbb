package dev.chatlab.inmemory;

import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;

/** What a store may do to those who use it; asked at every call. Any of it can happen with a store on a network. */
public interface Faults {

    /** A store that behaves. */
    Faults NONE = new Faults() {};

    /** By how many events a stale load of this stream lags, 0 or more. Each stream lags on its own. */
    default int lag(StreamId stream) {
        return 0;
    }

    /** Whether the append is answered as a conflict, without events, although nobody was there first. */
    default boolean conflicts(Append append) {
        return false;
    }

    /** Whether the append does not arrive, and nobody knows. */
    default boolean losesRequest(Append append) {
        return false;
    }

    /** Whether the append is stored, and nobody knows. */
    default boolean losesAnswer(Append append) {
        return false;
    }
}
