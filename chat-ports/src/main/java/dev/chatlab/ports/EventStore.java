package dev.chatlab.ports;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;

/**
 * Where events are kept: streams that only grow, each event atomically in all the streams it belongs to.
 *
 * <p>Safe for use by any number of threads and processes. Every method may throw {@link StoreException}.
 */
public interface EventStore {

    /**
     * The state of these streams and the versions it stands for. A stream without events has version 0.
     *
     * <p>Each stream is one state that it really had; two streams may be of different moments. {@link Consistency#STALE}
     * allows a state of a little while ago, {@link Consistency#STRICT} sees every append that was acknowledged before the
     * call.
     */
    Loaded load(Set<StreamId> streams, Consistency consistency);

    /**
     * The events of a stream after a version, in order and without gaps, as of now (never stale). Folded onto the state
     * loaded at that version they give the state now.
     */
    Seq<ChatEvent> read(StreamId stream, long after);

    /**
     * Appends all of the events to all of their streams, or nothing: of two appends at one version of a stream exactly one
     * is committed. The same append, repeated under its id at once or after its outcome was lost, is one append.
     *
     * @throws OutcomeUnknownException if it may or may not have happened; repeat the same append to know
     */
    Either<Conflict, Committed> append(Append append);

    /** Whether a read may be of a moment ago, which costs less. */
    enum Consistency {
        STALE,
        STRICT
    }

    /** States of streams, and the version of each: the number of events it stands for. */
    record Loaded(Chat chat, Map<StreamId, Long> versions) {}

    /**
     * This call has stored nothing, because somebody was there first, or is just now.
     *
     * @param winners the events that were there first, by stream, from the expected version on, as far as the store has
     *     them at hand; often none, never a wrong one. Without any, an earlier call with the same append, whose answer was
     *     lost, may still come true; a store that is asked again and again must at last commit or tell a winner.
     */
    record Conflict(Map<StreamId, Seq<ChatEvent>> winners) {

        /** Whether the append can never happen any more, not even by an earlier call whose answer was lost. */
        public boolean settles() {
            return !winners.isEmpty();
        }
    }

    /** It is stored. */
    record Committed(Map<StreamId, Long> versions) {}
}
