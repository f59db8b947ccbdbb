package dev.chatlab.endtoend;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A resource's properties, or a part of them: maps, lists and texts. A missing part is empty. */
record Properties(@Nullable Object value) {

    Properties at(String... path) {
        @Nullable Object part = value;
        for (String key : path) {
            part = part instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return new Properties(part);
    }

    /** The items of a list. A single value counts as a list of one item. */
    Stream<Properties> items() {
        if (value == null) {
            return Stream.empty();
        }
        return value instanceof List<?> list ? list.stream().map(Properties::new) : Stream.of(this);
    }

    List<String> texts() {
        return items().map(Properties::text).toList();
    }

    String text() {
        return value == null ? "" : value.toString();
    }

    boolean is(String text) {
        return text.equals(value);
    }
}
