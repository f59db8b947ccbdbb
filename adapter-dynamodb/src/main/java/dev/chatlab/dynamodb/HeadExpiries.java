package dev.chatlab.dynamodb;

import dev.chatlab.domain.StreamId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the expiry of stream heads (newest event items) that expire later than a new event would.
 *
 * <p>Such heads exist after the retention was shortened. The next event must not expire before the head: DynamoDB would delete the
 * newest event first, and the stream would fall back to an older state. So the next event takes the head's expiry over.
 *
 * <p>An append contains the version of the head, not its expiry. The store has read or written the head before the append, and
 * remembers the expiry in between, so that an append needs no further read.
 *
 * <p>The memory is bounded. Beyond {@link #CAPACITY} heads, the least recently used one is forgotten; the next event of its stream
 * gets the expiry that the retention gives. Safe for use by any number of threads.
 */
final class HeadExpiries {

    static final int CAPACITY = 10_000;

    private record Head(StreamId stream, long version) {}

    private final Map<Head, Instant> expiries = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Head, Instant> eldest) {
            return size() > CAPACITY;
        }
    });

    private final Retention retention;
    private final InstantSource clock;

    HeadExpiries(Retention retention, InstantSource clock) {
        this.retention = retention;
        this.clock = clock;
    }

    /** Remembers a head that was read or written, if a new event would expire before it. */
    void remember(StreamId stream, long version, Instant expires) {
        if (expires.isAfter(retention.expiry(stream, clock.instant()))) {
            expiries.put(new Head(stream, version), expires);
        }
    }

    /**
     * The expiry of a stream's next event.
     *
     * @param version the version of the head that the event follows
     * @param at the time of the event
     */
    Instant next(StreamId stream, long version, Instant at) {
        Instant expiry = retention.expiry(stream, at);
        Instant head = expiries.getOrDefault(new Head(stream, version), expiry);
        return head.isAfter(expiry) ? head : expiry;
    }
}
