package dev.chatlab.local;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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

/** One client's connection: its frames become messages, its limits are kept, and its end is told once. */
final class Connection implements FrameHandler {

    /** What a connection reports; both methods return at once. */
    interface Listener {
        /** A whole message came; {@code done} says that it has been dealt with, so that more may come. */
        void message(Connection connection, String text, Runnable done);

        /** The connection is gone, whoever ended it; called once. */
        void gone(Connection connection);
    }

    /** So many messages of one client are dealt with at a time; a client that sends faster waits. */
    private static final int MAX_IN_FLIGHT = 100;

    /** How long the rest of a message that is refused may take to arrive, before the close is sent anyway. */
    private static final long REFUSAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String id = Ids.random();
    private final Instant connectedAt = Instant.now();
    private final long opened = System.nanoTime();
    private final Caller caller;
    private final Limits limits;
    private final ScheduledExecutorService timers;
    private final Listener listener;
    private final Outbox outbox;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile long lastActive = opened;
    private volatile @Nullable CoreSession session;
    private volatile @Nullable Future<?> timer;

    // Of the message that is arriving: touched by one frame at a time.
    private @Nullable ByteArrayOutputStream partial;
    private int refusal;

    Connection(Caller caller, Limits limits, ScheduledExecutorService timers, Listener listener) {
        this.caller = caller;
        this.limits = limits;
        this.timers = timers;
        this.listener = listener;
        this.outbox = new Outbox(limits, this::active, this::cut);
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

    /** Completes when the connection is gone and its {@code $disconnect} is over. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    Outbox.Offer offer(byte[] text) {
        return closing.get() ? Outbox.Offer.GONE : outbox.offer(text);
    }

    void reply(byte[] text) throws InterruptedException {
        outbox.put(text);
    }

    boolean isClosing() {
        return closing.get();
    }

    /** Sends what is queued, then the close; a client that does not answer it is cut off. */
    void close(int code, String reason) {
        if (closing.compareAndSet(false, true)) {
            schedule(() -> cut(null), limits.closeTimeout().toNanos());
            outbox.end(new CloseStatus(code, reason));
        }
    }

    private void cut(@Nullable Throwable ignored) {
        closing.set(true);
        var open = session;
        if (open != null) {
            open.abort();
        }
        lost();
    }

    /** The connection is gone, or never came to be. */
    void lost() {
        closing.set(true);
        if (gone.compareAndSet(false, true)) {
            var pending = timer;
            if (pending != null) {
                pending.cancel(false);
            }
            outbox.discard();
            listener.gone(this);
        }
    }

    private void active() {
        lastActive = System.nanoTime();
    }

    /** One timer for both limits: it is set again only when it goes off, however many messages there were. */
    private void watch() {
        if (closing.get()) {
            return;
        }
        long now = System.nanoTime();
        long idle = lastActive + limits.idle().toNanos() - now;
        long life = opened + limits.lifetime().toNanos() - now;
        if (idle <= 0 || life <= 0) {
            close(CloseStatus.SHUTDOWN, "Going away");
        } else {
            schedule(this::watch, Math.min(idle, life));
        }
    }

    private void schedule(Runnable what, long nanos) {
        try {
            timer = timers.schedule(what, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The gateway has stopped: it cuts every connection itself.
        }
    }

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
        session = coreSession;
        callback.succeeded();
        watch();
        outbox.open(coreSession);
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
                // The next frame is read when this one is answered: nobody fills the memory with pings.
                open().sendFrame(pong, Callback.from(this::demand, failure -> {}), false);
            }
            case OpCode.CLOSE -> {
                closing.set(true);
                callback.succeeded();
            }
            default -> {
                callback.succeeded();
                demand();
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
        if (message == null) {
            demand();
            return;
        }
        boolean more = inFlight.incrementAndGet() < MAX_IN_FLIGHT;
        listener.message(this, message, this::done);
        if (more) {
            demand();
        }
    }

    private void done() {
        if (inFlight.getAndDecrement() == MAX_IN_FLIGHT) {
            demand();
        }
    }

    /** The message that this frame completes, if it does and the message is one. */
    private @Nullable String message(Frame frame) {
        ByteBuffer payload = frame.getPayload();
        int before = partial == null ? 0 : partial.size();
        if (frame.getOpCode() == OpCode.BINARY) {
            refuse(CloseStatus.BAD_DATA);
        } else if (payload.remaining() > limits.maxFrameBytes()
                || before + payload.remaining() > limits.maxMessageBytes()) {
            refuse(CloseStatus.MESSAGE_TOO_LARGE);
        }
        if (refusal != 0) {
            if (frame.isFin()) {
                close(refusal, "");
            }
            return null;
        }
        try {
            if (frame.isFin() && partial == null) {
                return StandardCharsets.UTF_8.newDecoder().decode(payload).toString();
            }
            var collected = partial == null ? new ByteArrayOutputStream() : partial;
            partial = collected;
            collected.writeBytes(BufferUtil.toArray(payload));
            if (!frame.isFin()) {
                return null;
            }
            partial = null;
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(collected.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            close(CloseStatus.BAD_PAYLOAD, "");
            return null;
        }
    }

    /**
     * The close waits for the end of the message: a socket that is closed with bytes unread is reset, and the reset
     * would overtake the code.
     */
    private void refuse(int code) {
        if (refusal == 0) {
            refusal = code;
            partial = null;
            schedule(() -> close(code, ""), REFUSAL_NANOS);
        }
    }

    private void demand() {
        open().demand();
    }

    private CoreSession open() {
        var open = session;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
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
