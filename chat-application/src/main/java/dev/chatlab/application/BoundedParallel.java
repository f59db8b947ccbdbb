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
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: " + limit);
        }
        this.permits = new Semaphore(limit);
    }

    /**
     * Runs the action once for each element and returns when all have ended. A single element runs on the caller's thread.
     *
     * @param action must not throw, and must not call this method: it would wait for its own permit
     */
    public <T> void forEach(Iterable<T> elements, Consumer<T> action) {
        var iterator = elements.iterator();
        if (!iterator.hasNext()) {
            return;
        }
        T first = iterator.next();
        if (!iterator.hasNext()) {
            permits.acquireUninterruptibly();
            run(action, first);
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            elements.forEach(element -> {
                permits.acquireUninterruptibly();
                threads.execute(() -> run(action, element));
            });
        }
    }

    /** Runs the action with a permit that the caller acquired, and releases the permit. */
    private <T> void run(Consumer<T> action, T element) {
        try {
            action.accept(element);
        } finally {
            permits.release();
        }
    }
}
