package dev.chatlab.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A frame to a client: the fields of one JSON object. Immutable. */
public record Frame(Map<String, Object> fields) {

    /** The largest frame that the protocol sends, in bytes of UTF-8. API Gateway guarantees this frame size. */
    public static final int MAX_BYTES = 32 * 1024;

    static Frame of(String type) {
        return new Frame(Map.of()).with("type", type);
    }

    Frame with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Frame(more);
    }

    /** The frame as JSON. */
    public String json() {
        return json(fields);
    }

    /** The number of bytes that a value takes in a frame. */
    static int bytes(Object value) {
        return json(value).getBytes(UTF_8).length;
    }

    private static String json(Object value) {
        try {
            return JSON.std.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
