package dev.chatlab.ports;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.UUID;

/**
 * Events to be appended, each stream at the version that the decision was made on.
 *
 * @param id what the append is recognised by when it is repeated
 * @param expected the version of every stream that the events belong to, and of no other
 * @param before the state that the decision was made on: of each stream the one it has at the version expected; a store may
 *     keep what comes of it beside the events
 * @param events at least one, in order
 */
public record Append(Id id, Map<StreamId, Long> expected, Chat before, Seq<ChatEvent> events) {

    /** @throws IllegalArgumentException if the versions are not those of the events' streams */
    public Append {
        if (events.isEmpty() || !expected.keySet().equals(streams(events))) {
            throw new IllegalArgumentException(
                    "versions of " + expected.keySet() + " for events of " + streams(events));
        }
    }

    /** The streams that these events belong to. */
    public static Set<StreamId> streams(Seq<ChatEvent> events) {
        return events.flatMap(ChatEvent::streams).toSet();
    }

    /** The events of one of the streams. */
    public Seq<ChatEvent> eventsOf(StreamId stream) {
        return events.filter(event -> event.streams().contains(stream));
    }

    /** The version of every stream after it. */
    public Map<StreamId, Long> versions() {
        return expected.map((stream, version) ->
                new io.vavr.Tuple2<>(stream, version + eventsOf(stream).size()));
    }

    /** An append's name, unlike any other's. */
    public record Id(String value) {

        public static Id random() {
            return new Id(UUID.randomUUID().toString());
        }
    }
}
