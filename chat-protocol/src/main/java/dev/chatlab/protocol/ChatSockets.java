package dev.chatlab.protocol;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.ports.Gateway;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The chat for a host that owns WebSocket connections, whatever the transport. The host calls {@link #opened}, {@link #received}
 * and {@link #closed}, and sends the frames that it receives through {@link Sender}.
 *
 * <p>Safe for use by any number of threads; it has no threads of its own. The three calls block for the store, at most
 * {@link dev.chatlab.application.ServiceSettings#deadline()} for other commands, and until the {@link Sender} has received the
 * earlier events of the same room. So a host with a store that blocks does not call them on an event loop. Calls for one
 * connection must not overlap, because frames are executed in the order of the calls.
 *
 * <p>Order: the frames of one room are sent in the order of their {@code seq}. A sender's response follows the frame of its own
 * event and precedes those of later events. This holds for the rooms that only this object changes, and if
 * {@link dev.chatlab.application.ServiceSettings#ordered()} is on.
 */
public final class ChatSockets implements Gateway {

    private static final System.Logger LOG = System.getLogger(ChatSockets.class.getName());

    /** The largest frame that a client may send, in bytes of UTF-8. The longest message in any script fits, unescaped. */
    public static final int MAX_INBOUND_BYTES = 128 * 1024;

    private final Sender sender;
    private final InstantSource clock;
    private final ChatService service;
    private final FrameHandler frames;
    private final java.util.Set<ConnectionId> open = ConcurrentHashMap.newKeySet();

    /** Closed connections whose session may still be stored, because the store failed. Later calls try one of them again. */
    private final java.util.Set<ConnectionId> notEnded = ConcurrentHashMap.newKeySet();

    /**
     * Creates the chat of one process.
     *
     * @param service creates the service with this object as its gateway
     * @param sender sends frames to connections
     */
    public ChatSockets(Function<Gateway, ChatService> service, Sender sender) {
        this(service, sender, InstantSource.system());
    }

    /** Creates the chat of one process with a clock of its own. */
    public ChatSockets(Function<Gateway, ChatService> service, Sender sender, InstantSource clock) {
        this.sender = sender;
        this.clock = clock;
        this.service = service.apply(this);
        this.frames = new FrameHandler(this.service);
    }

    /**
     * Opens a session for a connection that the host accepted.
     *
     * @param connection an id that the host never uses again, not even after a restart
     * @param identity the identity that the host verified, if it did
     * @throws StoreException if the session could not be stored; the host then closes the connection
     */
    public void opened(ConnectionId connection, Option<Identity> identity) {
        boolean stored = false;
        try {
            stored = !(service.handle(new ChatCommand.Connect(connection, identity, clock.instant()))
                    instanceof Reply.Busy);
        } finally {
            // Without a clear answer of the store the session may be stored all the same.
            (stored ? open : notEnded).add(connection);
        }
        if (!stored) {
            throw new StoreException("the session of " + connection + " was not stored before the deadline");
        }
        endOneMore();
    }

    /**
     * Executes one text frame of a client. A frame that cannot be executed is answered with an error frame. Never throws.
     *
     * @param frame at most {@link #MAX_INBOUND_BYTES}; the host closes a connection that sends more (code 1009), best before it has
     *     buffered the frame
     */
    public void received(ConnectionId connection, String frame) {
        InboundFrame.parse(frame)
                .peekLeft(error -> send(connection, error.frame()))
                .forEach(parsed -> Action.of(parsed)
                        .peek(action -> handle(action, connection, parsed))
                        .onEmpty(() -> send(connection, parsed.error(ErrorResponse.UNKNOWN_ACTION))));
    }

    private void handle(Action<?> action, ConnectionId connection, InboundFrame frame) {
        frames.handle(
                action,
                connection,
                frame,
                clock.instant(),
                LogFailures.INSTANCE,
                response -> send(connection, response));
    }

    /**
     * Ends the session of a connection that is closed, by either side. From now on the only frames that may still be sent to it are
     * those of deliveries that are in progress. A second call for the same connection does nothing.
     *
     * <p>Never throws. If the store fails, the session ends with a later call of {@link #opened} or {@link #closed}, or when an
     * event is next delivered to it. A {@link Sender} may call this for a connection that it closes.
     */
    public void closed(ConnectionId connection) {
        if (!open.remove(connection)) {
            return;
        }
        if (end(connection)) {
            endOneMore();
        } else {
            notEnded.add(connection);
        }
    }

    /** The number of closed connections whose session may still be stored. */
    int sessionsToEnd() {
        return notEnded.size();
    }

    /** The store works, so one of the sessions that could not be ended before is ended now. */
    private void endOneMore() {
        notEnded.stream().findFirst().filter(this::end).ifPresent(notEnded::remove);
    }

    private boolean end(ConnectionId connection) {
        try {
            if (!(service.handle(new ChatCommand.Disconnect(connection, clock.instant())) instanceof Reply.Busy)) {
                return true;
            }
            LOG.log(Level.WARNING, "the session of {0} could not be ended before the deadline", connection);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "the session of " + connection + " could not be ended yet", e);
        }
        return false;
    }

    /** Encodes the event once and passes the frame to the {@link Sender} for each recipient that is connected here. */
    @Override
    public Map<ConnectionId, Delivery> deliver(ChatEvent event, Set<ConnectionId> recipients) {
        String frame = OutboundFrames.of(event).json();
        Map<ConnectionId, Delivery> undelivered = HashMap.empty();
        for (ConnectionId recipient : recipients) {
            Delivery delivery = deliver(recipient, frame);
            if (delivery != Delivery.DELIVERED) {
                undelivered = undelivered.put(recipient, delivery);
            }
        }
        return undelivered;
    }

    private Delivery deliver(ConnectionId recipient, String frame) {
        if (open.contains(recipient)) {
            return send(recipient, frame) ? Delivery.DELIVERED : Delivery.FAILED;
        }
        return notEnded.contains(recipient) ? Delivery.GONE : Delivery.ELSEWHERE;
    }

    private void send(ConnectionId connection, Response response) {
        send(connection, response.frame());
        response.continuation().forEach(frame -> send(connection, frame));
    }

    private void send(ConnectionId connection, Frame frame) {
        send(connection, frame.json());
    }

    private boolean send(ConnectionId connection, String frame) {
        try {
            sender.send(connection, frame);
            return true;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.DEBUG, "a frame to " + connection + " was not sent", e);
            return false;
        }
    }

    /** Sends frames to connections. The host implements it. */
    @FunctionalInterface
    public interface Sender {

        /**
         * Sends a text frame to a connection, after all frames that were passed for it before. Many threads call this at once, also
         * for one connection.
         *
         * <p>Must be quick and must not wait for the client: a client that does not read would delay its whole room. A host queues
         * the frame, bounds the queue, and closes a connection whose queue is full (code 1013); it may call {@link #closed} at once.
         * Whatever this throws counts as a failed delivery.
         *
         * @param frame at most {@link Frame#MAX_BYTES} in UTF-8
         */
        void send(ConnectionId connection, String frame);
    }

    /** Logs what clients only see as {@link ErrorResponse#INTERNAL}. */
    private enum LogFailures implements FrameHandler.Listener {
        INSTANCE;

        @Override
        public void threw(RuntimeException cause) {
            LOG.log(Level.ERROR, "a request failed", cause);
        }
    }
}
