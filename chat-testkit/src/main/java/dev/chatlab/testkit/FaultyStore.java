package dev.chatlab.testkit;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.OutcomeUnknownException;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Either;

/**
 * A store that injects {@link Faults} into the calls of another store: stale loads, conflicts without winners, lost requests and
 * lost answers. It still keeps the contract of {@link ChatStore}, so a correct application loses and duplicates nothing on it.
 *
 * <p>As safe for concurrent use as the other store and the faults.
 */
public final class FaultyStore extends ForwardingStore {

    private final Faults faults;

    /** Injects these faults into the calls of this store. */
    public FaultyStore(ChatStore store, Faults faults) {
        super(store);
        this.faults = faults;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The state of a stream that lags is the fold of its events up to an older version. This needs a store that still has all
     * events of the stream.
     */
    @Override
    public Loaded load(Set<StreamId> streams, Consistency consistency) {
        Loaded loaded = super.load(streams, consistency);
        if (consistency == Consistency.STRICT) {
            return loaded;
        }
        Map<StreamId, Long> older = streams.toMap(stream -> stream, stream -> (long) faults.lag(stream))
                .filterValues(lag -> lag > 0)
                .map((stream, lag) -> Tuple.of(
                        stream, Math.max(0, loaded.versions().get(stream).get() - lag)));
        Chat current = loaded.chat().slice(streams.removeAll(older.keySet()));
        return new Loaded(
                older.foldLeft(current, (chat, version) -> chat.merge(stateAt(version._1, version._2))),
                older.merge(loaded.versions()));
    }

    private Chat stateAt(StreamId stream, long version) {
        Chat state = Chat.EMPTY;
        for (ChatEvent event : read(stream, 0).take((int) version)) {
            state = state.evolve(stream, event);
        }
        return state;
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        if (faults.conflicts(append)) {
            return Either.left(new Conflict(HashMap.empty()));
        }
        if (faults.losesRequest(append)) {
            throw new OutcomeUnknownException("the request was lost");
        }
        Either<Conflict, Committed> outcome = super.append(append);
        if (faults.losesAnswer(append)) {
            throw new OutcomeUnknownException("the answer was lost");
        }
        return outcome;
    }
}
