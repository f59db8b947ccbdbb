package dev.chatlab.testkit.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLSocketFactory;

/**
 * A WebSocket client (RFC 6455) on a plain socket, for what a well-behaved client does not do: send one frame of any size, or stop
 * reading.
 *
 * <p>Nothing is read but when the caller asks for it. The socket's receive buffer is small, so that a host notices soon that this
 * client does not read. Used by one thread.
 */
final class RawWebSocket implements AutoCloseable {

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;

    private static final int RECEIVE_BUFFER = 4 * 1024;
    private static final int NO_CLOSE_FRAME = 1006;

    private final Duration patience;
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private RawWebSocket(Socket socket, Duration patience) throws IOException {
        this.patience = patience;
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** Connects to a host. Each read fails after the patience. */
    static RawWebSocket connect(URI endpoint, Duration patience) {
        boolean secure = endpoint.getScheme().equals("wss");
        int port = endpoint.getPort() != -1 ? endpoint.getPort() : secure ? 443 : 80;
        try {
            Socket plain = new Socket();
            plain.setReceiveBufferSize(RECEIVE_BUFFER);
            plain.setSoTimeout(Math.toIntExact(patience.toMillis()));
            plain.connect(new InetSocketAddress(endpoint.getHost(), port), Math.toIntExact(patience.toMillis()));
            RawWebSocket client = new RawWebSocket(secure ? secured(plain, endpoint.getHost(), port) : plain, patience);
            client.shakeHands(endpoint, port);
            return client;
        } catch (IOException e) {
            throw new AssertionError("cannot connect to " + endpoint, e);
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        return ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
    }

    private void shakeHands(URI endpoint, int port) throws IOException {
        String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
        String target = endpoint.getRawQuery() == null ? path : path + "?" + endpoint.getRawQuery();
        String key = Base64.getEncoder().encodeToString(new byte[16]);
        out.write(("GET " + target + " HTTP/1.1\r\nHost: " + endpoint.getHost() + ":" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                        + key + "\r\n\r\n")
                .getBytes(ISO_8859_1));
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        while (!response.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            response.write(in.readUnsignedByte());
        }
        String status = response.toString(ISO_8859_1).lines().findFirst().orElse("");
        if (!status.startsWith("HTTP/1.1 101")) {
            throw new AssertionError("the host refused the connection: " + status);
        }
    }

    /** Sends a text message in one frame. */
    void sendText(String text) {
        sendFrame(TEXT, true, text.getBytes(UTF_8));
    }

    /** Sends a close frame. */
    void sendClose(int code) {
        sendFrame(CLOSE, true, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /**
     * Sends one frame.
     *
     * @param opcode {@link #TEXT}, {@link #BINARY} or {@link #CONTINUATION}
     * @param last whether it ends its message
     */
    void sendFrame(int opcode, boolean last, byte[] payload) {
        try {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(frame);
            fields.writeByte((last ? FINAL : 0) | opcode);
            if (payload.length < 126) {
                fields.writeByte(MASKED | payload.length);
            } else if (payload.length < 1 << 16) {
                fields.writeByte(MASKED | 126);
                fields.writeShort(payload.length);
            } else {
                fields.writeByte(MASKED | 127);
                fields.writeLong(payload.length);
            }
            fields.writeInt(0); // The masking key: the payload is its own masked form.
            fields.write(payload);
            out.write(frame.toByteArray());
        } catch (IOException e) {
            // The host may close the connection before it has read the frame. Reading shows how.
        }
    }

    /** The next text message. */
    ReceivedFrame readText() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            while (true) {
                Frame frame = readFrame();
                if (frame.opcode == TEXT || frame.opcode == CONTINUATION) {
                    message.writeBytes(frame.payload);
                    if (frame.last) {
                        return ReceivedFrame.parse(message.toString(UTF_8));
                    }
                } else if (frame.opcode == CLOSE) {
                    throw new AssertionError("the host closed the connection with code " + frame.closeCode());
                }
            }
        } catch (IOException e) {
            throw new AssertionError("did not receive a message within " + patience, e);
        }
    }

    /** The next text message of a type. Skips the messages before it. */
    ReceivedFrame readText(String type) {
        ReceivedFrame frame = readText();
        while (!frame.is(type)) {
            frame = readText();
        }
        return frame;
    }

    /** The code that the host closes the connection with, or 1006 if the connection ends without a close frame. */
    int readCloseCode() {
        try {
            while (true) {
                Frame frame = readFrame();
                if (frame.opcode == CLOSE) {
                    return frame.closeCode();
                }
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the host did not close the connection within " + patience, e);
        } catch (IOException e) {
            return NO_CLOSE_FRAME;
        }
    }

    private Frame readFrame() throws IOException {
        int first = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = in.readNBytes(Math.toIntExact(length));
        if (payload.length < length) {
            throw new EOFException("the connection ended within a frame");
        }
        return new Frame((first & FINAL) != 0, first & 0xf, payload);
    }

    /** Ends the connection without a close frame. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("cannot close the socket", e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // It lives for one read, and is not compared.
    private record Frame(boolean last, int opcode, byte[] payload) {
        int closeCode() {
            return payload.length < 2 ? 1005 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        }
    }
}
