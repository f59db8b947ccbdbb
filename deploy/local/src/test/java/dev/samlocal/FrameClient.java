package dev.samlocal;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A WebSocket client at the level of frames, because client libraries do not send invalid frames. */
final class FrameClient implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** The response to a handshake or to a plain HTTP request. */
    record Answer(int status, Map<String, String> headers, String body) {}

    /** A received frame. */
    @SuppressWarnings("ArrayRecordComponent") // frames are not compared
    record Frame(int opCode, boolean fin, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The code of a close frame; 1005 if it has none. */
        int code() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final Answer answer;

    private FrameClient(URI server, String method, String target, String... headers) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout((int) (TestApi.PATIENCE_SECONDS * 1000));
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        String request = method + " " + target + " HTTP/1.1\r\n"
                + Stream.concat(Stream.of("Host: " + server.getAuthority()), Stream.of(headers))
                        .map(header -> header + "\r\n")
                        .collect(Collectors.joining())
                + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        answer = answer(method.equals("HEAD"));
    }

    /** Opens a connection. */
    static FrameClient connect(URI uri, String... headers) throws IOException {
        var peer = open(uri, headers);
        if (peer.answer.status() != 101) {
            peer.close();
            throw new AssertionError("no connection: " + peer.answer);
        }
        return peer;
    }

    /** Sends a handshake and returns the response, accepted or not. */
    static Answer ask(URI uri, String... headers) throws IOException {
        try (var peer = open(uri, headers)) {
            return peer.answer;
        }
    }

    /** Sends a plain request with its target unchanged, which client libraries do not do. */
    static Answer http(URI server, String method, String target, String... headers) throws IOException {
        try (var peer = new FrameClient(server, method, target, headers)) {
            return peer.answer;
        }
    }

    private static FrameClient open(URI uri, String... headers) throws IOException {
        var all = Stream.concat(
                Stream.of(
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                Stream.of(headers));
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new FrameClient(uri, "GET", uri.getRawPath() + query, all.toArray(String[]::new));
    }

    Answer handshake() {
        return answer;
    }

    void text(String text) throws IOException {
        frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    void action(String action) throws IOException {
        text("{\"action\":\"" + action + "\"}");
    }

    void frame(int opCode, boolean fin, byte[] payload) throws IOException {
        var bytes = ByteBuffer.allocate(payload.length + 14);
        head(bytes, opCode, fin, payload.length);
        bytes.put(payload);
        socket.getOutputStream().write(bytes.array(), 0, bytes.position());
    }

    /** Sends the head of a frame and one byte of its payload. */
    void announce(int opCode, int length) throws IOException {
        var bytes = ByteBuffer.allocate(15);
        head(bytes, opCode, true, length);
        bytes.put((byte) ' ');
        socket.getOutputStream().write(bytes.array(), 0, bytes.position());
    }

    private static void head(ByteBuffer bytes, int opCode, boolean fin, int length) {
        bytes.put((byte) ((fin ? 0x80 : 0) | opCode));
        if (length < 126) {
            bytes.put((byte) (0x80 | length));
        } else if (length < 65_536) {
            bytes.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            bytes.put((byte) (0x80 | 127)).putLong(length);
        }
        // A mask of zeros leaves the payload as it is.
        bytes.putInt(0);
    }

    /** Waits for the next frame. */
    Frame frame() throws IOException {
        int first = in.readUnsignedByte();
        long length = in.readUnsignedByte() & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Frame(first & 0x0F, (first & 0x80) != 0, in.readNBytes((int) length));
    }

    /** Waits for the next message, which may have several frames. */
    String message() throws IOException {
        var whole = new ByteArrayOutputStream();
        while (true) {
            var frame = frame();
            if (frame.opCode() > BINARY) {
                throw new AssertionError("not a message but " + frame + (frame.opCode() == CLOSE ? frame.code() : ""));
            }
            whole.writeBytes(frame.payload());
            if (frame.fin()) {
                return whole.toString(StandardCharsets.UTF_8);
            }
        }
    }

    Map<String, Object> json() throws IOException {
        return JSON.std.mapFrom(message());
    }

    /** Waits for the server's close frame, answers it, and returns its code. */
    int closed() throws IOException {
        var frame = frame();
        while (frame.opCode() != CLOSE) {
            frame = frame();
        }
        int code = frame.code();
        frame(CLOSE, true, frame.payload());
        if (in.read() != -1) {
            throw new AssertionError("more came after the close");
        }
        return code;
    }

    /** Closes cleanly: sends a close frame and waits for the server's. */
    void leave(int code) throws IOException {
        frame(CLOSE, true, ByteBuffer.allocate(2).putShort((short) code).array());
        while (frame().opCode() != CLOSE) {
            // Frames sent before the close.
        }
        close();
    }

    /** Resets the TCP connection without a close frame. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer answer(boolean bodiless) throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = bodiless ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(
                Integer.parseInt(status[1]), headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next == -1) {
                throw new EOFException("the server hung up: " + line.toString(StandardCharsets.US_ASCII));
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }
}
