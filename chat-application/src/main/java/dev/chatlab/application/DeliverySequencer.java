package dev.chatlab.application;

import dev.chatlab.domain.RoomName;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Orders deliveries by room: the delivery of a commit starts when the deliveries of all earlier commits to its room have ended.
 *
 * <p>A place is taken while the room's stream lock is held, so places are in commit order. A thread waits for its place only
 * after it has released its stream locks, and takes up its places in the order in which it got them, so waiting cannot deadlock.
 * A room without a pending delivery takes no memory.
 */
final class DeliverySequencer {

    private final Map<RoomName, CompletableFuture<Void>> lastByRoom = new ConcurrentHashMap<>();

    /** Takes the next place in the room's order. The caller must release it, also when the delivery fails. */
    Place next(RoomName room) {
        CompletableFuture<Void> own = new CompletableFuture<>();
        CompletableFuture<Void> previous = lastByRoom.put(room, own);
        return new Place() {
            @Override
            public void await() {
                if (previous != null) {
                    previous.join();
                }
            }

            @Override
            public void release() {
                own.complete(null);
                lastByRoom.remove(room, own);
            }
        };
    }

    /** The number of rooms with a pending delivery. */
    int pendingRooms() {
        return lastByRoom.size();
    }

    /** A place in the order of deliveries. */
    interface Place {

        /** A place that waits for no other delivery. */
        Place UNORDERED = new Place() {
            @Override
            public void await() {}

            @Override
            public void release() {}
        };

        /** Returns when all earlier places are released. */
        void await();

        /** Lets the next delivery start. */
        void release();
    }
}
