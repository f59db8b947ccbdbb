package dev.chatlab.ports;

import dev.chatlab.domain.StreamId;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Within one process, appends to one stream take turns instead of conflicting.
 *
 * <p>First come, first served for each stream; streams are taken in one order everywhere, so nobody waits in a circle. A
 * stream that nobody wants takes no memory.
 */
final class Turns {

    private final ConcurrentHashMap<StreamId, Queue> queues = new ConcurrentHashMap<>();

    /** A turn on all of these streams, or none if it did not come in time. */
    Option<Turn> take(Set<StreamId> streams, Deadline deadline) {
        Vector<Queue> held = Vector.empty();
        boolean waited = false;
        for (StreamId stream : streams.toVector().sortBy(StreamId::toString)) {
            Queue queue = enter(stream);
            if (!queue.lock.tryLock()) {
                waited = true;
                if (!tryLock(queue, deadline)) {
                    leave(queue);
                    release(held);
                    return Option.none();
                }
            }
            held = held.append(queue);
        }
        return Option.some(new Turn(streams, held, waited));
    }

    private Queue enter(StreamId stream) {
        Queue queue = queues.compute(stream, (id, present) -> {
            Queue entered = present == null ? new Queue(id) : present;
            entered.interested++;
            return entered;
        });
        return java.util.Objects.requireNonNull(queue);
    }

    private void leave(Queue queue) {
        queues.computeIfPresent(queue.stream, (id, present) -> --present.interested == 0 ? null : present);
    }

    private void release(Seq<Queue> held) {
        held.reverse().forEach(queue -> {
            queue.lock.unlock();
            leave(queue);
        });
    }

    private static boolean tryLock(Queue queue, Deadline deadline) {
        try {
            return queue.lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Those who want to append to one stream. */
    private static final class Queue {
        final StreamId stream;
        final ReentrantLock lock = new ReentrantLock(true);

        /** Guarded by the map's lock on this entry. */
        int interested;

        Queue(StreamId stream) {
            this.stream = stream;
        }
    }

    /** The right to append to some streams, until it is closed by the thread that took it. */
    final class Turn implements AutoCloseable {
        private final Set<StreamId> streams;
        private final Seq<Queue> held;
        private final boolean waited;

        private Turn(Set<StreamId> streams, Seq<Queue> held, boolean waited) {
            this.streams = streams;
            this.held = held;
            this.waited = waited;
        }

        boolean covers(Set<StreamId> wanted) {
            return streams.containsAll(wanted);
        }

        /** Whether somebody else had a turn meanwhile: what was loaded before is probably old. */
        boolean waited() {
            return waited;
        }

        @Override
        public void close() {
            release(held);
        }
    }
}
