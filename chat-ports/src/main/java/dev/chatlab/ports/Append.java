package dev.chatlab.ports;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.UUID;

/**
 * Events to be appended atomically, with the version that each stream must have.
 *
 * @param id identifies the append when it is repeated
 * @param expected the expected version of every stream of the events, and of no other stream
 * @param stateBefore the state that the command was decided on: each stream in its state at the expected version. A store may
 *     derive snapshots from it
 * @param events at least one event, in order
 */
public record Append(Id id, Map<StreamId, Long> expected, Chat stateBefore, Seq<ChatEvent> events) {

    /** @throws IllegalArgumentException if the expected versions are not those of exactly the events' streams */
    public Append {
        if (events.isEmpty() || !expected.keySet().equals(streams(events))) {
            throw new IllegalArgumentException(
                    "expected versions of " + expected.keySet() + " for events of " + streams(events));
        }
    }

    /** The streams that these events belong to. */
    public static Set<StreamId> streams(Seq<ChatEvent> events) {
        return events.flatMap(ChatEvent::streams).toSet();
    }

    /** The events of one of the streams, in order. */
    public Seq<ChatEvent> eventsOf(StreamId stream) {
        return events.filter(event -> event.streams().contains(stream));
    }

    /** The version of every stream after this append. */
    public Map<StreamId, Long> versions() {
        return expected.map((stream, version) ->
                new io.vavr.Tuple2<>(stream, version + eventsOf(stream).size()));
    }

    /** An append's unique id. */
    public record Id(String value) {

        /** A new random UUID. */
        public static Id random() {
            return new Id(UUID.randomUUID().toString());
        }
    }
}
