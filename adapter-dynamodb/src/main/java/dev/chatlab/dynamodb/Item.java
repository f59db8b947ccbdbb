package dev.chatlab.dynamodb;

import dev.chatlab.ports.StoreException;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item's attributes, or those of a map in it. */
record Item(Map<String, AttributeValue> attributes) {

    static final Item EMPTY = new Item(Map.of());

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

    /** ISO-8601, for people. */
    Item with(String name, Instant instant) {
        return with(name, instant.toString());
    }

    Item with(String name, Option<?> value) {
        return value.fold(() -> this, some -> with(name, some.toString()));
    }

    Item with(String name, Item map) {
        return with(name, AttributeValue.fromM(map.attributes));
    }

    /** A set of strings; DynamoDB has no empty ones, so then nothing. */
    Item with(String name, List<String> texts) {
        return texts.isEmpty() ? this : with(name, AttributeValue.fromSs(texts));
    }

    Item with(String name, byte[] bytes) {
        return bytes.length == 0 ? this : with(name, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes)));
    }

    /** The time at which DynamoDB may delete the item: seconds, as its TTL wants them. */
    Item expiring(Instant at) {
        return with("expires", at.getEpochSecond());
    }

    // --- what is read; whatever is missing or not what it should be is a StoreException that says so ---

    String text(String name) {
        return Option.of(attribute(name).s()).getOrElseThrow(() -> broken(name, "not a string"));
    }

    long number(String name) {
        try {
            return Long.parseLong(Option.of(attribute(name).n()).getOrElse(""));
        } catch (NumberFormatException e) {
            throw broken(name, "not a whole number");
        }
    }

    Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (java.time.DateTimeException e) {
            throw broken(name, "not a time");
        }
    }

    Instant expires() {
        return Instant.ofEpochSecond(number("expires"));
    }

    /** One of the domain's values, made by its constructor for what was one before. */
    <T> T value(String name, Function<String, T> of) {
        try {
            return of.apply(text(name));
        } catch (IllegalArgumentException e) {
            throw broken(name, "not valid: " + e.getMessage());
        }
    }

    <T> Option<T> optional(String name, Function<String, T> of) {
        return has(name) ? Option.some(value(name, of)) : Option.none();
    }

    Option<Item> map(String name) {
        return has(name) ? Option.some(new Item(attribute(name).m())) : Option.none();
    }

    List<String> texts(String name) {
        return has(name) ? attribute(name).ss() : List.of();
    }

    byte[] bytes(String name) {
        return has(name)
                ? Option.of(attribute(name).b())
                        .getOrElseThrow(() -> broken(name, "not binary"))
                        .asByteArrayUnsafe()
                : new byte[0];
    }

    boolean has(String name) {
        return attributes.containsKey(name);
    }

    private AttributeValue attribute(String name) {
        return Option.of(attributes.get(name)).getOrElseThrow(() -> broken(name, "missing"));
    }

    private StoreException broken(String name, String how) {
        String where = Option.of(attributes.get("pk"))
                .flatMap(pk -> Option.of(attributes.get("sk")).map(sk -> " of item " + pk.s() + " " + sk.s()))
                .getOrElse("");
        return new StoreException("attribute " + name + where + " is " + how);
    }
}
