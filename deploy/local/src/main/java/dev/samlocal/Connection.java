package dev.samlocal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/** One client's connection: assembles frames into messages, enforces the limits, and reports its end once. */
final class Connection implements FrameHandler {

    /** Receives what happens on a connection. Both methods return at once. */
    interface Listener {
        /** Called for each whole message. The listener runs {@code done} when it has handled the message. */
        void message(Connection connection, String text, Runnable done);

        /** Called once, when the connection is gone. */
        void gone(Connection connection);
    }

    /** How many messages of one client are handled at a time. Further frames are not read until one is done. */
    private static final int MAX_IN_FLIGHT = 100;

    /** How long the rest of a rejected message may take to arrive before the close frame is sent anyway. */
    private static final long REJECTION_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String id = Ids.random();
    private final Instant connectedAt = Instant.now();
    private final long opened = System.nanoTime();
    private final Caller caller;
    private final Limits limits;
    private final ScheduledExecutorService timers;
    private final Listener listener;
    private final SendQueue queue;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile long lastActive = opened;
    private volatile @Nullable CoreSession session;
    private volatile @Nullable Future<?> timer;

    // The state of the arriving message; frames are handled one at a time.
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream(0);
    private int rejectionCode;

    Connection(Caller caller, Limits limits, ScheduledExecutorService timers, Listener listener) {
        this.caller = caller;
        this.limits = limits;
        this.timers = timers;
        this.listener = listener;
        this.queue = new SendQueue(limits, this::active, failure -> disconnect());
    }

    String id() {
        return id;
    }

    Caller caller() {
        return caller;
    }

    Instant connectedAt() {
        return connectedAt;
    }

    Instant lastActiveAt() {
        return connectedAt.plusNanos(lastActive - opened);
    }

    /** Completes when the connection is gone and its {@code $disconnect} handler has ended. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    SendQueue.Offer offer(byte[] text) {
        return closing.get() ? SendQueue.Offer.GONE : queue.offer(text);
    }

    void reply(byte[] text) throws InterruptedException {
        queue.put(text);
    }

    boolean isClosing() {
        return closing.get();
    }

    /** Sends what is queued, then a close frame. A client that does not answer it is disconnected. */
    void close(int code, String reason) {
        if (closing.compareAndSet(false, true)) {
            schedule(this::disconnect, limits.closeTimeout().toNanos());
            queue.end(new CloseStatus(code, reason));
        }
    }

    private void disconnect() {
        closing.set(true);
        var open = session;
        if (open != null) {
            open.abort();
        }
        lost();
    }

    /** Marks the connection as gone, also if it was never opened. */
    void lost() {
        closing.set(true);
        if (gone.compareAndSet(false, true)) {
            var pending = timer;
            if (pending != null) {
                pending.cancel(false);
            }
            queue.discard();
            listener.gone(this);
        }
    }

    private void active() {
        lastActive = System.nanoTime();
    }

    /** One timer checks both limits. It is set again only when it fires, not at each message. */
    private void watch() {
        if (!closing.get()) {
            long now = System.nanoTime();
            long idle = lastActive + limits.idle().toNanos() - now;
            long life = opened + limits.lifetime().toNanos() - now;
            if (idle <= 0 || life <= 0) {
                close(CloseStatus.SHUTDOWN, "Going away");
            } else {
                schedule(this::watch, Math.min(idle, life));
            }
        }
    }

    private void schedule(Runnable task, long nanos) {
        try {
            timer = timers.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The gateway has stopped, and closes every connection itself.
        }
    }

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
        session = coreSession;
        callback.succeeded();
        watch();
        queue.open(coreSession);
        coreSession.demand();
        if (gone.get()) {
            coreSession.abort();
        }
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        switch (frame.getOpCode()) {
            case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> data(frame, callback);
            case OpCode.PING -> {
                var pong = new Frame(OpCode.PONG, BufferUtil.copy(frame.getPayload()));
                callback.succeeded();
                // Backpressure: the next frame is read only after the pong is sent.
                open().sendFrame(pong, Callback.from(() -> open().demand(), failure -> {}), false);
            }
            case OpCode.CLOSE -> {
                closing.set(true);
                callback.succeeded();
            }
            default -> {
                callback.succeeded();
                open().demand();
            }
        }
    }

    private void data(Frame frame, Callback callback) {
        String message = null;
        if (!closing.get()) {
            active();
            message = message(frame);
        }
        callback.succeeded();
        boolean more = message == null || inFlight.incrementAndGet() < MAX_IN_FLIGHT;
        if (message != null) {
            listener.message(this, message, () -> {
                if (inFlight.getAndDecrement() == MAX_IN_FLIGHT) {
                    open().demand();
                }
            });
        }
        if (more) {
            open().demand();
        }
    }

    /** Returns the message that this frame completes, if it does and the message is valid. */
    private @Nullable String message(Frame frame) {
        int length = frame.getPayloadLength();
        if (frame.getOpCode() == OpCode.BINARY) {
            reject(CloseStatus.BAD_DATA);
        } else if (length > limits.maxFrameBytes() || arrived.size() + length > limits.maxMessageBytes()) {
            reject(CloseStatus.MESSAGE_TOO_LARGE);
        }
        if (rejectionCode == 0) {
            arrived.writeBytes(BufferUtil.toArray(frame.getPayload()));
        }
        if (!frame.isFin()) {
            return null;
        }
        if (rejectionCode != 0) {
            close(rejectionCode, "");
            return null;
        }
        try {
            var bytes = ByteBuffer.wrap(arrived.toByteArray());
            arrived.reset();
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            close(CloseStatus.BAD_PAYLOAD, "");
            return null;
        }
    }

    /** Delays the close until the end of the message, because closing a socket with unread bytes resets it and loses the code. */
    private void reject(int code) {
        if (rejectionCode == 0) {
            rejectionCode = code;
            arrived.reset();
            schedule(() -> close(code, ""), REJECTION_NANOS);
        }
    }

    private CoreSession open() {
        return Objects.requireNonNull(session);
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus closeStatus, Callback callback) {
        callback.succeeded();
        lost();
    }
}
