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
 * <p>Safe for use by any number of threads; it has no threads of its own. The three calls block for the store, and at most
 * {@link dev.chatlab.application.ServiceSettings#deadline()} for other commands, so a host does not call them on an event loop
 * with a store that blocks. Calls for one connection must not overlap, because frames are executed in the order of the calls.
 *
 * <p>Order: the frames of one room are sent in the order of their {@code seq}. A sender's response follows the frame of its own
 * event and precedes those of later events.
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

    /** Closed connections whose session is still stored because the store failed. */
    private final java.util.Set<ConnectionId> notDisconnected = ConcurrentHashMap.newKeySet();

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
        open.add(connection);
        try {
            if (service.handle(new ChatCommand.Connect(connection, identity, clock.instant())) instanceof Reply.Busy) {
                throw new StoreException("the session of " + connection + " was not stored before the deadline");
            }
        } catch (StoreException e) {
            open.remove(connection);
            throw e;
        }
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
     * Ends the session of a connection that is closed, whoever closed it. No frame is sent to it any more. Never throws: if the
     * store fails, the session ends when an event is next delivered to it.
     */
    public void closed(ConnectionId connection) {
        if (!open.remove(connection)) {
            return;
        }
        notDisconnected.add(connection);
        try {
            if (!(service.handle(new ChatCommand.Disconnect(connection, clock.instant())) instanceof Reply.Busy)) {
                notDisconnected.remove(connection);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the session of " + connection + " could not be ended yet", e);
        }
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
        return notDisconnected.contains(recipient) ? Delivery.GONE : Delivery.ELSEWHERE;
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
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "a frame to " + connection + " was not sent", e);
            return false;
        }
    }

    /** Sends frames to connections. The host implements it. */
    @FunctionalInterface
    public interface Sender {

        /**
         * Sends a text frame to a connection, after all frames that were passed for it before. Must be quick and must not wait for
         * the client: a client that does not read would delay its whole room. A host queues the frame, bounds the queue, and closes
         * a connection whose queue is full (code 1013). An exception counts as a failed delivery.
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
