package dev.chatlab.testkit.protocol;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A frame that a test client received.
 *
 * @param text the frame as it arrived
 * @param fields the fields of its JSON object
 */
public record ReceivedFrame(String text, Map<String, Object> fields) {

    private static final int SHOWN = 300;

    /**
     * Reads a frame.
     *
     * @throws AssertionError if the text is not a JSON object
     */
    static ReceivedFrame parse(String text) {
        try {
            return new ReceivedFrame(text, JSON.std.mapFrom(text));
        } catch (IOException e) {
            throw new AssertionError("the host sent a frame that is not a JSON object: " + text, e);
        }
    }

    /** Whether the field {@code type} has this value. */
    public boolean is(String type) {
        return type.equals(fields.get("type"));
    }

    /** Whether the frame is about this room. */
    public boolean isOf(String room) {
        return room.equals(fields.get("room"));
    }

    /**
     * A field that is a string.
     *
     * @throws AssertionError if it is missing or of another type
     */
    public String string(String name) {
        return field(name, String.class);
    }

    /**
     * The field {@code seq}.
     *
     * @throws AssertionError if it is missing or of another type
     */
    public long seq() {
        return field("seq", Number.class).longValue();
    }

    /**
     * A field that is a list.
     *
     * @throws AssertionError if it is missing or of another type
     */
    public List<?> list(String name) {
        return field(name, List.class);
    }

    /**
     * The objects in a field that is a list of objects, as frames of their own.
     *
     * @throws AssertionError if it is missing or of another type
     */
    public List<ReceivedFrame> objects(String name) {
        return list(name).stream().map(entry -> nested(name, entry)).toList();
    }

    @SuppressWarnings("unchecked") // the keys of a JSON object are strings
    private ReceivedFrame nested(String name, Object entry) {
        if (entry instanceof Map<?, ?> map) {
            return new ReceivedFrame(text, (Map<String, Object>) map);
        }
        throw new AssertionError("the field " + name + " has an entry that is not an object: " + this);
    }

    private <T> T field(String name, Class<T> type) {
        Object value = fields.get(name);
        if (!type.isInstance(value)) {
            throw new AssertionError("the field " + name + " is not a " + type.getSimpleName() + ": " + this);
        }
        return type.cast(value);
    }

    /** The beginning of the frame, for messages. */
    @Override
    public String toString() {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
