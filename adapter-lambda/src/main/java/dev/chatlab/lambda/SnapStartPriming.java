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
 * The SnapStart hook: reads the tables once before Lambda takes the snapshot.
 *
 * <p>The snapshot then contains the SDK's classes, also those that a TLS handshake needs. If the function cannot read its tables, publishing
 * its version fails and the deployment reports the reason. The hook retries until its timeout, because IAM applies a new role only
 * after some seconds.
 *
 * <p>Nothing is renewed after a restore. The HTTP client checks a pooled connection that was idle for two seconds and discards one
 * that was idle for a minute. The SDK refreshes credentials when they expire. Resume keys, append ids and backoff take random numbers
 * when they are made.
 */
final class SnapStartPriming implements Resource {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ChatStore store;
    private final Set<StreamId> streams;
    private final Duration timeout;

    /**
     * @param streams streams without events, at least one in each table that the function's role may read
     * @param timeout how long a failing read is repeated
     */
    SnapStartPriming(ChatStore store, Set<StreamId> streams, Duration timeout) {
        this.store = store;
        this.streams = streams;
        this.timeout = timeout;
    }

    /** @throws IllegalStateException if the tables cannot be read within the timeout */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                store.load(streams, Consistency.STALE);
                return;
            } catch (StoreException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new IllegalStateException("The function cannot read its tables: " + e.getMessage(), e);
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {}
}
