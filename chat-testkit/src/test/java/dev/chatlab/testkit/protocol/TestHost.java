package dev.chatlab.testkit.protocol;

import dev.chatlab.application.ChatService;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.protocol.ChatSockets;
import io.vavr.control.Option;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.CloseHandshakeType;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;

/** A small host on {@link ChatSockets} with a store in memory. Correct as it is; subclasses override what they break. */
class TestHost implements AutoCloseable {

    final ChatSockets sockets = new ChatSockets(
            gateway -> new ChatService(new InMemoryChatStore(), gateway),
            (connection, frame) -> send(connection, frame));

    private final Map<ConnectionId, Connection> connections = new ConcurrentHashMap<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Server server;

    TestHost() {
        this(ChatSockets.MAX_INBOUND_BYTES);
    }

    TestHost(int maxMessageBytes) {
        server = new Server(maxMessageBytes);
        server.setReuseAddr(true);
        server.start();
        try {
            if (!started.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the host did not start");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    final URI endpoint() {
        return URI.create("ws://127.0.0.1:" + server.getPort());
    }

    // --- what subclasses override ---

    /** Whether the host says that it promises order. */
    boolean promisesOrder() {
        return true;
    }

    /** Whether the host accepts one more connection. */
    boolean accepts(int connectionsNow) {
        return true;
    }

    /** A client sent a text message. Calls for one connection do not overlap. */
    void received(ConnectionId connection, String frame) {
        sockets.received(connection, frame);
    }

    /** A client sent a binary message. */
    void receivedBinary(ConnectionId connection) {
        close(connection, CloseFrame.REFUSE);
    }

    /** Whether the host answers a client's close frame with its own. */
    boolean answersClose() {
        return true;
    }

    /**
     * A connection is closed.
     *
     * @param lost whether it ended without a close frame
     */
    void closed(ConnectionId connection, boolean lost) {
        sockets.closed(connection);
    }

    /** The chat has a frame for a connection. */
    void send(ConnectionId connection, String frame) {
        write(connection, frame);
    }

    // --- what subclasses use ---

    /** Queues a frame for a connection. */
    final void write(ConnectionId connection, String frame) {
        Connection open = connections.get(connection);
        if (open != null) {
            open.write(frame);
        }
    }

    /** Whether a frame for the connection is not written to the network yet. */
    final boolean isWriting(ConnectionId connection) {
        Connection open = connections.get(connection);
        return open != null && open.socket.isOpen() && open.socket.hasBufferedData();
    }

    final void close(ConnectionId connection, int code) {
        Connection open = connections.get(connection);
        if (open != null) {
            open.socket.close(code);
        }
    }

    /** The open connections. */
    final Set<ConnectionId> connections() {
        return connections.keySet();
    }

    @Override
    public void close() {
        try {
            server.stop(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.values().forEach(Connection::end);
        }
    }

    /** One connection, whose messages are handled one after another on a thread of its own. */
    private static final class Connection {

        private final WebSocket socket;
        private final ExecutorService thread =
                Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

        Connection(WebSocket socket) {
            this.socket = socket;
        }

        void execute(Runnable action) {
            thread.execute(action);
        }

        void write(String frame) {
            try {
                socket.send(frame);
            } catch (WebsocketNotConnectedException e) {
                // The server reports the end of the connection on its own.
            }
        }

        void end() {
            thread.shutdown();
        }
    }

    private final class Rfc6455 extends Draft_6455 {

        private final int maxMessageBytes;

        Rfc6455(int maxMessageBytes) {
            super(List.of(), List.of(new Protocol("")), maxMessageBytes);
            this.maxMessageBytes = maxMessageBytes;
        }

        @Override
        public CloseHandshakeType getCloseHandshakeType() {
            return answersClose() ? super.getCloseHandshakeType() : CloseHandshakeType.NONE;
        }

        @Override
        public Draft copyInstance() {
            return new Rfc6455(maxMessageBytes);
        }
    }

    private final class Server extends WebSocketServer {

        Server(int maxMessageBytes) {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2, List.of(new Rfc6455(maxMessageBytes)));
            setTcpNoDelay(true);
            setConnectionLostTimeout(0);
            setDaemon(true);
            // Tests with 200 connections open many of them at once.
            setMaxPendingConnections(512);
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {
            if (!accepts(connections.size())) {
                socket.close(CloseFrame.TRY_AGAIN_LATER);
                return;
            }
            ConnectionId id = new ConnectionId(UUID.randomUUID().toString());
            Connection connection = new Connection(socket);
            socket.setAttachment(id);
            connections.put(id, connection);
            connection.execute(() -> sockets.opened(id, Option.none()));
        }

        @Override
        public void onMessage(WebSocket socket, String message) {
            handle(socket, id -> received(id, message));
        }

        @Override
        public void onMessage(WebSocket socket, ByteBuffer message) {
            handle(socket, TestHost.this::receivedBinary);
        }

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean remote) {
            handle(socket, id -> {
                connections.remove(id);
                closed(id, code == CloseFrame.ABNORMAL_CLOSE);
            });
        }

        private void handle(WebSocket socket, Consumer<ConnectionId> action) {
            ConnectionId id = socket.getAttachment();
            Connection connection = id == null ? null : connections.get(id);
            if (connection != null) {
                connection.execute(() -> action.accept(id));
            }
        }

        @Override
        public void onError(WebSocket socket, Exception e) {
            // The end of the connection is reported by onClose.
        }
    }
}
