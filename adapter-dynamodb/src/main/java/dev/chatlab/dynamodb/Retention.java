package dev.chatlab.dynamodb;

import dev.chatlab.domain.StreamId;
import java.time.Duration;
import java.time.Instant;

/**
 * The time for which items are kept, and the time at which a stream's state expires.
 *
 * <p>DynamoDB deletes an item at some time after its {@code expires}, and the items of a stream in any order. So a state expires
 * before any of the stream's items may be deleted.
 *
 * <p>A store may be opened with another retention than before. Stored items keep their expiry. {@link HeadExpiries} keeps a new
 * event from expiring before the events that it follows.
 *
 * @param rooms the time from a room's last event to the expiry of its state, and the time for which its messages are kept; longer
 *     than a connection lives, so that no connection is a member of a room whose state has expired
 */
record Retention(Duration rooms) {

    /**
     * The time from the expiry of a state to the expiry of its items. The clocks of the processes that append may differ by as
     * much: an event that expires up to an hour before the event that it follows does no harm.
     */
    private static final Duration GRACE = Duration.ofHours(1);

    private static final Duration MINIMUM = GRACE.multipliedBy(3);

    static final Retention DEFAULT = new Retention(Duration.ofDays(30));

    Retention {
        if (rooms.compareTo(MINIMUM) < 0) {
            throw new IllegalArgumentException("a retention of " + rooms + " is shorter than " + MINIMUM);
        }
    }

    /**
     * The expiry of an event's item. Sessions and name reservations are kept longer than rooms: as long as a connection is a
     * member of a room, its session exists and can be disconnected.
     */
    Instant expiry(StreamId stream, Instant at) {
        return at.plus(
                switch (stream) {
                    case StreamId.OfRoom room -> rooms.plus(GRACE);
                    case StreamId.OfConnection connection ->
                        rooms.multipliedBy(2).plus(GRACE);
                    case StreamId.OfUser user -> rooms.multipliedBy(2).plus(GRACE);
                });
    }

    /** The expiry of a room's entry in the list of open rooms if no connection joins any more: later than that of the room. */
    Instant listExpiry(Instant joined) {
        return joined.plus(rooms.multipliedBy(2));
    }

    /** Whether the state of a stream has expired, by the expiry of its newest item. */
    static boolean hasExpired(Instant expires, Instant now) {
        return !now.isBefore(expires.minus(GRACE));
    }

    /** Whether a write was so long ago that every read contains it, also a stale read and with clocks that differ. */
    static boolean isInEveryRead(Instant written, Instant now) {
        return !now.isBefore(written.plus(GRACE.multipliedBy(2)));
    }
}
