package dev.chatlab.dynamodb;

import dev.chatlab.ports.StoreException;
import io.vavr.control.Option;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The attributes of an item, or of a map in an item. Immutable. */
record Item(Map<String, AttributeValue> attributes) {

    static final Item EMPTY = new Item(Map.of());

    /** Plain values as attributes: lists of strings become string sets, bytes become binary. Empty ones are left out. */
    static Item of(Map<String, Object> values) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        values.forEach((name, value) -> attribute(value).forEach(attribute -> attributes.put(name, attribute)));
        return new Item(attributes);
    }

    private static Option<AttributeValue> attribute(Object value) {
        return switch (value) {
            case String text -> Option.some(AttributeValue.fromS(text));
            case Long number -> Option.some(AttributeValue.fromN(Long.toString(number)));
            case byte[] bytes ->
                Option.when(bytes.length > 0, () -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes)));
            // DynamoDB has no empty sets.
            case List<?> texts ->
                Option.when(
                        !texts.isEmpty(),
                        () -> AttributeValue.fromSs(
                                texts.stream().map(String::valueOf).toList()));
            default -> throw new IllegalArgumentException("no attribute type for " + value.getClass());
        };
    }

    /** The attributes as plain values. Those of a type that the codec does not use are left out. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        attributes.forEach((name, attribute) -> plain(attribute).forEach(value -> values.put(name, value)));
        return values;
    }

    private static Option<Object> plain(AttributeValue attribute) {
        return switch (attribute.type()) {
            case S -> Option.some(attribute.s());
            case N -> Option.some(plainNumber(attribute.n()));
            case B -> Option.some(attribute.b().asByteArrayUnsafe());
            case SS -> Option.some(attribute.ss());
            default -> Option.none();
        };
    }

    /** A number that is not a {@code long} stays a string: the codec rejects it in a field that it knows, and ignores it elsewhere. */
    private static Object plainNumber(String digits) {
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            return digits;
        }
    }

    Item with(String name, AttributeValue value) {
        Map<String, AttributeValue> more = new LinkedHashMap<>(attributes);
        more.put(name, value);
        return new Item(more);
    }

    Item with(String name, String text) {
        return with(name, AttributeValue.fromS(text));
    }

    Item with(String name, long number) {
        return with(name, AttributeValue.fromN(Long.toString(number)));
    }

    /** ISO-8601, so that the item is readable. */
    Item with(String name, Instant instant) {
        return with(name, instant.toString());
    }

    Item with(String name, Item map) {
        return with(name, AttributeValue.fromM(map.attributes));
    }

    /** Adds the time from which DynamoDB's TTL may delete the item, in epoch seconds. */
    Item expiring(Instant at) {
        return with("expires", at.getEpochSecond());
    }

    // --- reading: an attribute that is missing or has the wrong type is a StoreException that names it ---

    String text(String name) {
        return Option.of(attribute(name).s()).getOrElseThrow(() -> unreadable(name, "not a string"));
    }

    long number(String name) {
        return parseLong(name, attribute(name).n());
    }

    Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw unreadable(name, "not an ISO-8601 time");
        }
    }

    /** The version in the sort key of an event's item. */
    long version() {
        return parseLong("sk", text("sk"));
    }

    Instant expires() {
        return Instant.ofEpochSecond(number("expires"));
    }

    Option<Item> map(String name) {
        return has(name) ? Option.some(new Item(attribute(name).m())) : Option.none();
    }

    boolean has(String name) {
        return attributes.containsKey(name);
    }

    /**
     * The result of a conversion that reads this item.
     *
     * @throws StoreException if the conversion throws one; the message names this item
     */
    <T> T decode(Supplier<T> conversion) {
        try {
            return conversion.get();
        } catch (StoreException e) {
            throw new StoreException(layout() + e.getMessage(), e);
        }
    }

    private AttributeValue attribute(String name) {
        return Option.of(attributes.get(name)).getOrElseThrow(() -> unreadable(name, "missing"));
    }

    private long parseLong(String name, @Nullable String digits) {
        try {
            return Long.parseLong(digits == null ? "" : digits);
        } catch (NumberFormatException e) {
            throw unreadable(name, "not a whole number");
        }
    }

    private StoreException unreadable(String name, String reason) {
        return new StoreException(layout() + "attribute " + name + " is " + reason);
    }

    /** Empty for a map in an item: {@link #decode} of the item adds the key. */
    private String layout() {
        return Option.of(attributes.get("pk"))
                .flatMap(pk -> Option.of(attributes.get("sk"))
                        .map(sk -> "item " + pk.s() + " " + sk.s() + " has a layout that this program cannot read: "))
                .getOrElse("");
    }
}
