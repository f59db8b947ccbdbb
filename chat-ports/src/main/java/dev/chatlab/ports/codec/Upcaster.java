package dev.chatlab.ports.codec;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Converts stored events of one type from one schema version to the next.
 *
 * @param type the event's type name in that version
 * @param version the schema version that it reads; the result has the next version
 * @param conversion receives the fields in that version and returns the fields in the next version; it may change the map that it
 *     receives, and it may change the event's type
 */
public record Upcaster(String type, long version, UnaryOperator<Map<String, Object>> conversion) {}
