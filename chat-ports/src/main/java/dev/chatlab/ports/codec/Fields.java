package dev.chatlab.ports.codec;

import dev.chatlab.ports.StoreException;
import io.vavr.control.Option;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a plain map. A reading method throws a {@link StoreException} that names the field if its value is missing or has
 * another type. A field with the value null counts as missing, because JSON may write a missing field so.
 */
record Fields(Map<String, Object> values) {

    // --- writing ---

    /** No fields yet. */
    static Fields empty() {
        return new Fields(new LinkedHashMap<>());
    }

    Fields with(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /** Adds the field if there is a value. */
    Fields with(String name, Option<?> value) {
        value.forEach(some -> values.put(name, some.toString()));
        return this;
    }

    /** ISO-8601, so that a stored event is readable. */
    Fields with(String name, Instant value) {
        return with(name, value.toString());
    }

    // --- reading ---

    String text(String name) {
        return switch (values.get(name)) {
            case String text -> text;
            case null -> throw missing(name);
            default -> throw wrong(name, "a string");
        };
    }

    long number(String name) {
        return switch (values.get(name)) {
            case Long number -> number;
            case Integer number -> number;
            case null -> throw missing(name);
            default -> throw wrong(name, "a whole number of at most 64 bits");
        };
    }

    Instant instant(String name) {
        String text = text(name);
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new StoreException("field " + name + " is not an ISO-8601 time: " + text, e);
        }
    }

    <T> T value(String name, Function<String, T> constructor) {
        return constructor.apply(text(name));
    }

    <T> Option<T> optional(String name, Function<String, T> constructor) {
        return Option.of(values.get(name)).map(present -> value(name, constructor));
    }

    /** The strings of a list. A missing field is an empty list, because DynamoDB has no empty sets. */
    List<String> texts(String name) {
        return switch (values.get(name)) {
            case null -> List.of();
            case List<?> list -> list.stream().map(entry -> textIn(name, entry)).toList();
            default -> throw wrong(name, "a list of strings");
        };
    }

    private static String textIn(String name, @Nullable Object entry) {
        if (entry instanceof String text) {
            return text;
        }
        throw wrong(name, "a list of strings");
    }

    /** Bytes, or the base64 string that JSON has instead. A missing field is an empty array. */
    byte[] bytes(String name) {
        return switch (values.get(name)) {
            case null -> new byte[0];
            case byte[] bytes -> bytes;
            case String base64 -> decode(name, base64);
            default -> throw wrong(name, "binary or base64");
        };
    }

    private static byte[] decode(String name, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new StoreException("field " + name + " is not binary or base64", e);
        }
    }

    private static StoreException missing(String name) {
        return new StoreException("field " + name + " is missing");
    }

    static StoreException wrong(String name, String expected) {
        return new StoreException("field " + name + " is not " + expected);
    }
}
