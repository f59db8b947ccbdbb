package dev.samlocal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to one client, in order and without blocking. The frames of a message stay together. How much may wait for a slow
 * reader is limited.
 */
final class SendQueue {
    enum Offer {
        TAKEN,
        FULL,
        GONE
    }

    /** Counted for each frame in addition to its bytes, so that empty frames have a limit, too. */
    private static final int OVERHEAD = 64;

    private final Limits limits;
    private final Runnable sent;
    private final Consumer<Throwable> failed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition space = lock.newCondition();
    private final List<Frame> early = new ArrayList<>(1);
    private long queuedBytes;
    private boolean ended;
    private @Nullable CoreSession session;

    /**
     * @param sent runs when a frame with data has been sent
     * @param failed runs when a frame cannot be sent, or not in time
     */
    SendQueue(Limits limits, Runnable sent, Consumer<Throwable> failed) {
        this.limits = limits;
        this.sent = sent;
        this.failed = failed;
    }

    /** Starts sending. Until then, frames wait. */
    void open(CoreSession opened) {
        lock.lock();
        try {
            session = opened;
            early.forEach(this::send);
            early.clear();
        } finally {
            lock.unlock();
        }
    }

    Offer offer(byte[] text) {
        lock.lock();
        try {
            if (ended) {
                return Offer.GONE;
            }
            if (isFull(text)) {
                return Offer.FULL;
            }
            byte opCode = OpCode.TEXT;
            int from = 0;
            do {
                int length = Math.min(limits.maxFrameBytes(), text.length - from);
                boolean last = from + length == text.length;
                queuedBytes += length + OVERHEAD;
                send(new Frame(opCode, last, ByteBuffer.wrap(text, from, length)));
                opCode = OpCode.CONTINUATION;
                from += length;
            } while (from < text.length);
            return Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for space. Backpressure: a client that does not read its responses gets no further messages handled. */
    void put(byte[] text) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ended && isFull(text)) {
                space.await();
            }
            offer(text);
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(byte[] text) {
        return queuedBytes > 0 && queuedBytes + text.length > limits.maxQueuedBytes();
    }

    private void send(Frame frame) {
        var open = session;
        if (open == null) {
            early.add(frame);
            return;
        }
        int cost = frame.getPayloadLength() + OVERHEAD;
        var callback = Callback.from(
                () -> {
                    if (frame.isDataFrame()) {
                        release(cost);
                        sent.run();
                    }
                },
                failed);
        open.sendFrame(new OutgoingEntry.Builder(frame, callback)
                .frameTimeout(limits.writeTimeout().toMillis())
                .build());
    }

    private void release(int cost) {
        lock.lock();
        try {
            queuedBytes -= cost;
            space.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends a close frame after what is queued, and takes nothing more. */
    void end(CloseStatus status) {
        lock.lock();
        try {
            if (!ended) {
                send(status.toFrame());
            }
            discard();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more. */
    void discard() {
        lock.lock();
        try {
            ended = true;
            space.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
