package dev.chatlab.ports;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;

/**
 * What a command is decided on: the states of the streams loaded so far, each at a version.
 *
 * @param strict whether every stream was seen as of the time of asking, not of a moment before
 */
record Slice(Chat chat, Map<StreamId, Long> versions, boolean strict) {

    static Slice empty(EventStore.Consistency consistency) {
        return new Slice(Chat.EMPTY, HashMap.empty(), consistency == EventStore.Consistency.STRICT);
    }

    boolean holds(StreamId stream) {
        return versions.containsKey(stream);
    }

    Slice with(EventStore.Loaded loaded) {
        return new Slice(chat.merge(loaded.chat()), loaded.versions().merge(versions), strict);
    }

    /** After more events of one stream. */
    Slice with(StreamId stream, Seq<ChatEvent> events) {
        return new Slice(
                events.foldLeft(chat, (state, event) -> state.evolve(stream, event)),
                versions.put(stream, version(stream) + events.size()),
                strict);
    }

    /** After an append of its own. */
    Slice with(Append append) {
        return append.expected()
                .keySet()
                .foldLeft(this, (slice, stream) -> slice.with(stream, append.eventsOf(stream)));
    }

    Map<StreamId, Long> versions(Set<StreamId> streams) {
        return streams.toMap(stream -> stream, this::version);
    }

    long version(StreamId stream) {
        return versions.getOrElse(stream, 0L);
    }
}
