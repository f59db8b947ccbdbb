package dev.chatlab.testkit.application;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import dev.chatlab.testkit.ForwardingStore;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A store in memory that records the calls. Its stale loads can lag, and a test can act just before an append. */
final class ObservedStore extends ForwardingStore {

    final List<Load> loads = new ArrayList<>();
    final List<Append> appends = new ArrayList<>();
    final AtomicInteger reads = new AtomicInteger();

    private final Lag lag;
    private Map<Integer, Runnable> actions = HashMap.empty();
    private int appended;

    ObservedStore() {
        this(new Lag());
    }

    private ObservedStore(Lag lag) {
        super(new FaultyStore(new InMemoryChatStore(), lag));
        this.lag = lag;
    }

    /** From now on stale loads lag by one event. */
    void lagByOneEvent() {
        lag.events = 1;
    }

    /** Runs an action just before the n-th append from now on. Appends of the action count, too. */
    void before(int nth, Runnable action) {
        if (actions.isEmpty()) {
            appended = 0;
        }
        actions = actions.put(nth, action);
    }

    @Override
    public Loaded load(Set<StreamId> streams, Consistency consistency) {
        synchronized (loads) {
            loads.add(new Load(streams, consistency));
        }
        return super.load(streams, consistency);
    }

    @Override
    public Seq<ChatEvent> read(StreamId stream, long after) {
        reads.incrementAndGet();
        return super.read(stream, after);
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        Option<Runnable> action;
        synchronized (appends) {
            appends.add(append);
            appended++;
            action = actions.get(appended);
            actions = actions.remove(appended);
        }
        action.forEach(Runnable::run);
        return super.append(append);
    }

    record Load(Set<StreamId> streams, Consistency consistency) {}

    private static final class Lag implements Faults {
        private volatile int events;

        @Override
        public int lag(StreamId stream) {
            return events;
        }
    }
}
