package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand concurrent clients, with one gigabyte of heap. */
class ManyConnectionsTest {
    private static final int CLIENTS = 10_000;

    /** Descriptors that each process needs in addition to one for each client. */
    private static final int SPARE = 500;

    /** The number of concurrent handshakes, which is less than a listening socket queues. */
    private static final int AT_A_TIME = 200;

    private static final byte[] ECHO = "hello".getBytes(StandardCharsets.US_ASCII);

    @Test
    @Timeout(120)
    void tenThousandConnectionsAreServed() throws Exception {
        long descriptors = descriptors();
        if (descriptors < CLIENTS + SPARE) {
            String reason = "skipped: %d open files are allowed (ulimit -n), %d connections need %d"
                    .formatted(descriptors, CLIENTS, CLIENTS + SPARE);
            System.out.println(reason);
            assertThat(System.getenv("CI")).as(reason).isNull();
            assumeTrue(false, reason);
        }
        try (var gateway = ChildGateway.withHeap(
                        "1g", TestApi.resource("echo.yaml").toString());
                var clients = new Clients(gateway.endpoint())) {
            clients.connect();
            assertThat(clients.open()).isEqualTo(CLIENTS);
            // All are connected. Now each sends a message and receives the echo.
            clients.echo();
            assertThat(clients.open()).isEqualTo(CLIENTS);
            assertThat(clients.echoes()).isEqualTo(CLIENTS);
        }
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** All clients, on one thread. */
    private static final class Clients implements AutoCloseable {
        private final URI server;
        private final Selector selector = Selector.open();
        private final List<Client> clients = new ArrayList<>(CLIENTS);
        private int open;
        private int echoes;

        Clients(URI server) throws IOException {
            this.server = server;
        }

        int open() {
            return open;
        }

        int echoes() {
            return echoes;
        }

        void connect() throws IOException {
            while (open < CLIENTS) {
                while (clients.size() < CLIENTS && clients.size() - open < AT_A_TIME) {
                    clients.add(new Client());
                }
                turn();
            }
        }

        void echo() throws IOException {
            int asked = 0;
            while (echoes < CLIENTS) {
                while (asked < CLIENTS && asked - echoes < AT_A_TIME) {
                    clients.get(asked++).ask();
                }
                turn();
            }
        }

        private void turn() throws IOException {
            int ready = selector.select(
                    key -> {
                        try {
                            ((Client) key.attachment()).proceed(key);
                        } catch (IOException e) {
                            throw new AssertionError(open + " open, " + echoes + " echoes", e);
                        }
                    },
                    TimeUnit.SECONDS.toMillis(TestApi.PATIENCE_SECONDS));
            assertThat(ready)
                    .as(open + " open, " + echoes + " echoes: no progress")
                    .isPositive();
        }

        @Override
        public void close() throws IOException {
            for (var client : clients) {
                client.channel.close();
            }
            selector.close();
        }

        /** One client: a handshake, then one message and its echo. */
        private final class Client {
            private final SocketChannel channel = SocketChannel.open();
            private final ByteBuffer in = ByteBuffer.allocate(512);
            private boolean isOpen;

            Client() throws IOException {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_CONNECT, this);
                if (channel.connect(new InetSocketAddress(server.getHost(), server.getPort()))) {
                    throw new AssertionError("a non-blocking connection was established at once");
                }
            }

            void proceed(SelectionKey key) throws IOException {
                if (key.isConnectable() && channel.finishConnect()) {
                    key.interestOps(SelectionKey.OP_READ);
                    write(("GET /test HTTP/1.1\r\nHost: " + server.getAuthority()
                                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                }
                if (key.isReadable()) {
                    if (channel.read(in) < 0) {
                        throw new IOException("the gateway hung up");
                    }
                    read();
                }
            }

            private void read() {
                var text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
                if (isOpen) {
                    if (in.position() == ECHO.length + 2) {
                        assertThat(text).endsWith("hello");
                        in.clear();
                        echoes++;
                    }
                } else if (text.endsWith("\r\n\r\n")) {
                    assertThat(text).startsWith("HTTP/1.1 101 ");
                    in.clear();
                    isOpen = true;
                    open++;
                }
            }

            void ask() throws IOException {
                // A text frame, masked with zeros.
                var frame = ByteBuffer.allocate(6 + ECHO.length);
                write(frame.put((byte) 0x81)
                        .put((byte) (0x80 | ECHO.length))
                        .putInt(0)
                        .put(ECHO)
                        .array());
            }

            /** Writes bytes that fit into the socket's buffer. */
            private void write(byte[] bytes) throws IOException {
                if (channel.write(ByteBuffer.wrap(bytes)) < bytes.length) {
                    throw new IOException("the gateway does not read");
                }
            }
        }
    }
}
