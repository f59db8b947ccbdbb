package dev.samlocal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
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

    /** Counted for each message in addition to its bytes, so that empty messages have a limit, too. */
    private static final int OVERHEAD = 64;

    private final Limits limits;
    private final Runnable sent;
    private final Consumer<Throwable> failed;
    private final List<OutgoingEntry> early = new ArrayList<>(1);
    private @Nullable CoreSession session;
    private boolean ended;

    /** The bytes that may still be queued. */
    private final Semaphore space;

    /**
     * @param sent runs when a message has been sent
     * @param failed runs when a message cannot be sent, or not in time
     */
    SendQueue(Limits limits, Runnable sent, Consumer<Throwable> failed) {
        this.limits = limits;
        this.sent = sent;
        this.failed = failed;
        this.space = new Semaphore(limits.maxQueuedBytes());
    }

    /** Starts sending. Messages that were queued before are sent now. */
    synchronized void open(CoreSession opened) {
        session = opened;
        early.forEach(opened::sendFrame);
        early.clear();
    }

    Offer offer(byte[] text) {
        return space.tryAcquire(cost(text)) ? send(text) : Offer.FULL;
    }

    /** Waits for space. Backpressure: a client that does not read its responses gets no further messages handled. */
    void put(byte[] text) throws InterruptedException {
        space.acquire(cost(text));
        send(text);
    }

    private int cost(byte[] text) {
        return Math.min(text.length + OVERHEAD, limits.maxQueuedBytes());
    }

    private synchronized Offer send(byte[] text) {
        if (ended) {
            return Offer.GONE;
        }
        byte opCode = OpCode.TEXT;
        int from = 0;
        do {
            int length = Math.min(limits.maxFrameBytes(), text.length - from);
            boolean last = from + length == text.length;
            var frame = new Frame(opCode, last, ByteBuffer.wrap(text, from, length));
            send(frame, last ? () -> completed(cost(text)) : () -> {});
            opCode = OpCode.CONTINUATION;
            from += length;
        } while (from < text.length);
        return Offer.TAKEN;
    }

    private void completed(int cost) {
        space.release(cost);
        sent.run();
    }

    private void send(Frame frame, Runnable completed) {
        var entry = new OutgoingEntry.Builder(frame, Callback.from(completed, failed))
                .frameTimeout(limits.writeTimeout().toMillis())
                .build();
        var open = session;
        if (open == null) {
            early.add(entry);
        } else {
            open.sendFrame(entry);
        }
    }

    /** Sends a close frame after what is queued, and takes nothing more. */
    synchronized void end(CloseStatus status) {
        if (!ended) {
            send(status.toFrame(), () -> {});
        }
        discard();
    }

    /** Takes nothing more. */
    synchronized void discard() {
        if (!ended) {
            ended = true;
            // Ends the waiting of put.
            space.release(Integer.MAX_VALUE / 2);
        }
    }
}
