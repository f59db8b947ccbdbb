package dev.chatlab.application;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.EventStore;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;

/**
 * The state that a command is decided on: the streams loaded so far, each at a version.
 *
 * @param strict whether every stream was loaded with a strict read
 */
record DecisionModel(Chat chat, Map<StreamId, Long> versions, boolean strict) {

    static DecisionModel empty(EventStore.Consistency consistency) {
        return new DecisionModel(Chat.EMPTY, HashMap.empty(), consistency == EventStore.Consistency.STRICT);
    }

    boolean holds(StreamId stream) {
        return versions.containsKey(stream);
    }

    /** This model with further streams. */
    DecisionModel with(EventStore.Loaded loaded) {
        return new DecisionModel(chat.merge(loaded.chat()), loaded.versions().merge(versions), strict);
    }

    /** This model after further events of one stream. */
    DecisionModel with(StreamId stream, Seq<ChatEvent> events) {
        return new DecisionModel(
                events.foldLeft(chat, (state, event) -> state.evolve(stream, event)),
                versions.put(stream, version(stream) + events.size()),
                strict);
    }

    /** This model after an append that was committed. */
    DecisionModel with(Append append) {
        return append.expected()
                .keySet()
                .foldLeft(this, (model, stream) -> model.with(stream, append.eventsOf(stream)));
    }

    Map<StreamId, Long> versions(Set<StreamId> streams) {
        return streams.toMap(stream -> stream, this::version);
    }

    long version(StreamId stream) {
        return versions.getOrElse(stream, 0L);
    }
}
