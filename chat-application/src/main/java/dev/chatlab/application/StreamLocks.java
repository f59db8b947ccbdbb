package dev.chatlab.application;

import dev.chatlab.domain.StreamId;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock a stream, so that commands of one process wait for each other instead of conflicting in the store.
 *
 * <p>Each lock is fair. All callers lock streams in the same order, so there is no deadlock. A stream that no caller uses takes
 * no memory.
 */
final class StreamLocks {

    private final ConcurrentHashMap<StreamId, StreamLock> locks = new ConcurrentHashMap<>();

    /** Locks all of these streams, or none of them if that takes until the deadline. */
    Option<Held> acquire(Set<StreamId> streams, Deadline deadline) {
        Vector<StreamLock> acquired = Vector.empty();
        boolean waited = false;
        for (StreamId stream : streams.toVector().sortBy(StreamId::toString)) {
            StreamLock lock = enter(stream);
            // tryLock() alone would overtake threads that wait.
            if (lock.mutex.hasQueuedThreads() || !lock.mutex.tryLock()) {
                waited = true;
                if (!tryLock(lock, deadline)) {
                    leave(lock);
                    release(acquired);
                    return Option.none();
                }
            }
            acquired = acquired.append(lock);
        }
        return Option.some(new Held(streams, acquired, waited));
    }

    /** The number of streams that a thread holds or waits for. */
    int size() {
        return locks.size();
    }

    private StreamLock enter(StreamId stream) {
        return Objects.requireNonNull(locks.compute(stream, (id, present) -> {
            StreamLock lock = present == null ? new StreamLock(id) : present;
            lock.users++;
            return lock;
        }));
    }

    private void leave(StreamLock lock) {
        locks.computeIfPresent(lock.stream, (id, present) -> --present.users == 0 ? null : present);
    }

    private void release(Seq<StreamLock> acquired) {
        acquired.reverse().forEach(lock -> {
            lock.mutex.unlock();
            leave(lock);
        });
    }

    private static boolean tryLock(StreamLock lock, Deadline deadline) {
        try {
            return lock.mutex.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The lock of one stream, shared by the threads that hold it or wait for it. */
    private static final class StreamLock {
        final StreamId stream;
        final ReentrantLock mutex = new ReentrantLock(true);

        /** How many threads hold or await the lock. Guarded by the map's lock on this entry. */
        int users;

        StreamLock(StreamId stream) {
            this.stream = stream;
        }
    }

    /** The locks that one thread holds. The same thread closes it. */
    final class Held implements AutoCloseable {
        private final Set<StreamId> streams;
        private final Seq<StreamLock> acquired;
        private final boolean waited;

        private Held(Set<StreamId> streams, Seq<StreamLock> acquired, boolean waited) {
            this.streams = streams;
            this.acquired = acquired;
            this.waited = waited;
        }

        /** The streams that are locked. */
        Set<StreamId> streams() {
            return streams;
        }

        boolean covers(Set<StreamId> wanted) {
            return streams.containsAll(wanted);
        }

        /** Whether another thread held one of the locks first. If so, states that were loaded before are probably outdated. */
        boolean waited() {
            return waited;
        }

        @Override
        public void close() {
            release(acquired);
        }
    }
}
