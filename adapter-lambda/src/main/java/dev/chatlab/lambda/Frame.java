package dev.chatlab.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A JSON text frame on its way to a client. */
record Frame(Map<String, Object> fields) {

    /** The largest frame that the protocol sends, in bytes: the frame size that API Gateway guarantees. */
    static final int MAX_BYTES = 32 * 1024;

    static Frame of(String type) {
        return new Frame(Map.of()).with("type", type);
    }

    Frame with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Frame(more);
    }

    String json() {
        return json(fields);
    }

    /** How many bytes a value takes in a frame. */
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
