package dev.chatlab.application;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Runs blocking actions in parallel on virtual threads. The bound holds for all calls together, so many callers at once do not
 * exceed it.
 */
public final class BoundedParallel {

    private final Semaphore permits;

    /** @param limit how many actions run at the same time, at least 1 */
    public BoundedParallel(int limit) {
        this.permits = new Semaphore(limit);
    }

    /**
     * Runs the action once for each element and returns when all have ended. A single element runs on the caller's thread.
     *
     * @param action must not throw
     */
    public <T> void forEach(Iterable<T> elements, Consumer<T> action) {
        var iterator = elements.iterator();
        if (!iterator.hasNext()) {
            return;
        }
        T first = iterator.next();
        if (!iterator.hasNext()) {
            action.accept(first);
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            elements.forEach(element -> {
                permits.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        action.accept(element);
                    } finally {
                        permits.release();
                    }
                });
            });
        }
    }
}
