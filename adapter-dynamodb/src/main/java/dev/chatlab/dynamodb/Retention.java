package dev.chatlab.dynamodb;

import dev.chatlab.domain.StreamId;
import java.time.Duration;
import java.time.Instant;

/**
 * How long items are kept. DynamoDB deletes what is past its {@code expires} some time later, in any order: so by then it must
 * not matter any more.
 *
 * @param rooms how long after its last event a room is taken to be over, and how long messages are kept; at least the lifetime
 *     of a connection, so that nobody can still be in a room that is over
 */
record Retention(Duration rooms) {

    /**
     * A stream is taken to be over this long before anything of it may be deleted. So it does no harm if the clocks of those
     * who append differ by up to as much, and an event expires before the one ahead of it.
     */
    private static final Duration GRACE = Duration.ofHours(1);

    static final Retention DEFAULT = new Retention(Duration.ofDays(30));

    Retention {
        if (rooms.compareTo(GRACE.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("a retention of " + rooms + " is shorter than a connection lives");
        }
    }

    /**
     * When the item of an event may be deleted. Sessions and reservations outlast the rooms: somebody may be found gone as long as
     * there is a room to be found gone from.
     */
    Instant expires(StreamId stream, Instant at) {
        return at.plus(
                switch (stream) {
                    case StreamId.OfRoom room -> rooms.plus(GRACE);
                    case StreamId.OfConnection connection ->
                        rooms.multipliedBy(2).plus(GRACE);
                    case StreamId.OfUser user -> rooms.multipliedBy(2).plus(GRACE);
                });
    }

    /** When a room vanishes from the list that nobody has joined since: not before it is over. */
    Instant listed(Instant joined) {
        return joined.plus(rooms.multipliedBy(2));
    }

    /** Whether what a stream has come to is void, given its newest item. */
    boolean over(Instant expires, Instant now) {
        return !now.isBefore(expires.minus(GRACE));
    }
}
