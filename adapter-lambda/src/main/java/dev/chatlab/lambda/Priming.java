package dev.chatlab.lambda;

import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.Set;
import java.time.Duration;
import org.crac.Context;
import org.crac.Resource;

/**
 * What a function does before Lambda takes the snapshot that its environments are restored from: everything is loaded, and the
 * tables are read once, so that the SDK's clients have made a call and TLS has shaken hands.
 *
 * <p>A function that cannot read its tables fails here, and with it the deployment, while somebody is looking; and says why. It
 * tries for a while: what a role allows may be known some seconds after it was written.
 *
 * <p>Nothing has to be renewed afterwards. Connections are idle for longer than the JDK keeps them, credentials are asked for again
 * when they expire, addresses are looked up again by Lambda, and resume keys, append ids and pauses are made of randomness that is
 * fetched when they are made.
 */
final class Priming implements Resource {

    private final HeadStart headStart;
    private final ChatStore store;
    private final Set<StreamId> streams;
    private final Duration patience;

    /**
     * Reads streams in which there is nothing.
     *
     * @param patience how long it tries
     */
    Priming(HeadStart headStart, ChatStore store, Set<StreamId> streams, Duration patience) {
        this.headStart = headStart;
        this.store = store;
        this.streams = streams;
        this.patience = patience;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws InterruptedException {
        headStart.await();
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                store.load(streams, Consistency.STALE);
                return;
            } catch (StoreException e) {
                if (System.nanoTime() - until >= 0) {
                    throw new IllegalStateException("this function would not work: " + e.getMessage(), e);
                }
            }
            Thread.sleep(Duration.ofSeconds(1));
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {}
}
