package dev.chatlab.ports;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;

/**
 * Append-only streams of events. An event that belongs to several streams is appended to all of them atomically.
 *
 * <p>Safe for use by any number of threads and processes. Every method may throw {@link StoreException}.
 */
public interface EventStore {

    /**
     * The states of these streams and their versions. A stream without events has version 0.
     *
     * <p>Each stream's state is one that the stream really had; two streams may be read at different moments. A
     * {@link Consistency#STALE} read may return an older state. A {@link Consistency#STRICT} read contains every append that was
     * acknowledged before the call.
     */
    Loaded load(Set<StreamId> streams, Consistency consistency);

    /**
     * The events of a stream after a version, in order, without gaps and up to date. Folded onto the state at that version, they
     * give the current state.
     */
    Seq<ChatEvent> read(StreamId stream, long after);

    /**
     * Appends all events to all of their streams, or none. Of two appends at one version of a stream, exactly one is committed
     * (optimistic concurrency check).
     *
     * <p>An append that the caller repeats under its id, immediately or after an unknown outcome, is stored once.
     *
     * @throws OutcomeUnknownException if the append may or may not be stored; the caller repeats it to find out
     */
    Either<Conflict, Committed> append(Append append);

    /** How up to date a read must be. */
    enum Consistency {
        /** May return an older state; costs less in some stores. */
        STALE,
        /** Contains every append that was acknowledged before the read. */
        STRICT
    }

    /** States of streams, and each stream's version: the number of events in the state. */
    record Loaded(Chat chat, Map<StreamId, Long> versions) {}

    /**
     * The append was not stored, because another append was committed first or is in progress.
     *
     * @param winners for each stream, the events after the expected version that other appends committed. The store returns those
     *     that it has read anyway: the map may be empty, but it must not contain a wrong event. If it is empty, an earlier attempt
     *     of the same append with an unknown outcome may still be stored. If the caller repeats the append, the store must commit
     *     it or return a winner at some point
     */
    record Conflict(Map<StreamId, Seq<ChatEvent>> winners) {

        /** Whether the append can never be stored any more, not even by an earlier attempt with an unknown outcome. */
        public boolean isFinal() {
            return !winners.isEmpty();
        }
    }

    /** The append is stored. The versions are those of its streams after it. */
    record Committed(Map<StreamId, Long> versions) {}
}
