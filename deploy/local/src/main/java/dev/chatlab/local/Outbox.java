package dev.chatlab.local;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one client: whole messages in the order they came, one frame on its way at a time, so that
 * messages never interleave and a slow reader holds up nobody else.
 */
final class Outbox extends IteratingCallback {
    enum Offer {
        TAKEN,
        FULL,
        GONE
    }

    /** A frame, and what it counts in the queue: an empty one is not for free. */
    private record Piece(Frame frame, int cost) {
        static final int OVERHEAD = 64;
    }

    private final int maxFrameBytes;
    private final int maxQueuedBytes;
    private final Duration writeTimeout;
    private final Runnable sent;
    private final Consumer<Throwable> failed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Deque<Piece> pieces = new ArrayDeque<>(2);
    private long queuedBytes;
    private boolean ended;
    private @Nullable CoreSession session;
    private @Nullable Piece onItsWay;

    Outbox(Limits limits, Runnable sent, Consumer<Throwable> failed) {
        this.maxFrameBytes = limits.maxFrameBytes();
        this.maxQueuedBytes = limits.maxQueuedBytes();
        this.writeTimeout = limits.writeTimeout();
        this.sent = sent;
        this.failed = failed;
    }

    /** What was put in before goes out from now on. */
    void open(CoreSession opened) {
        lock.lock();
        try {
            session = opened;
        } finally {
            lock.unlock();
        }
        iterate();
    }

    Offer offer(byte[] text) {
        lock.lock();
        try {
            if (ended) {
                return Offer.GONE;
            }
            if (queuedBytes > 0 && queuedBytes + text.length > maxQueuedBytes) {
                return Offer.FULL;
            }
            add(text);
        } finally {
            lock.unlock();
        }
        iterate();
        return Offer.TAKEN;
    }

    /** Waits for room: whoever does not read the answers cannot ask on and on. */
    void put(byte[] text) throws InterruptedException {
        Offer offer = offer(text);
        while (offer == Offer.FULL) {
            lock.lockInterruptibly();
            try {
                while (!ended && queuedBytes > 0 && queuedBytes + text.length > maxQueuedBytes) {
                    room.await();
                }
            } finally {
                lock.unlock();
            }
            offer = offer(text);
        }
    }

    private void add(byte[] text) {
        byte opCode = OpCode.TEXT;
        int from = 0;
        do {
            int length = Math.min(maxFrameBytes, text.length - from);
            boolean last = from + length == text.length;
            pieces.add(
                    new Piece(new Frame(opCode, last, ByteBuffer.wrap(text, from, length)), length + Piece.OVERHEAD));
            queuedBytes += length + Piece.OVERHEAD;
            opCode = OpCode.CONTINUATION;
            from += length;
        } while (from < text.length);
    }

    /** The close goes out after what is already here; nothing more is taken. */
    void end(CloseStatus status) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                pieces.add(new Piece(status.toFrame(), 0));
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
        iterate();
    }

    /** Nothing goes out any more. */
    void discard() {
        lock.lock();
        try {
            ended = true;
            pieces.clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        close();
    }

    @Override
    protected Action process() {
        Piece next;
        CoreSession to;
        lock.lock();
        try {
            to = session;
            if (to == null || pieces.isEmpty()) {
                return Action.IDLE;
            }
            next = pieces.remove();
            onItsWay = next;
        } finally {
            lock.unlock();
        }
        to.sendFrame(new OutgoingEntry.Builder(next.frame(), this)
                .frameTimeout(writeTimeout.toMillis())
                .build());
        return Action.SCHEDULED;
    }

    @Override
    protected void onSuccess() {
        boolean message;
        lock.lock();
        try {
            var done = onItsWay;
            onItsWay = null;
            message = done != null && done.frame().isDataFrame();
            if (done != null) {
                queuedBytes -= done.cost();
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (message) {
            sent.run();
        }
    }

    @Override
    protected void onFailure(Throwable cause) {
        discard();
        failed.accept(cause);
    }
}
