package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.EventStore.Loaded;
import dev.chatlab.ports.History;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;

/**
 * The results of reading a store once while others append to it. They are checked later, when the complete history is known.
 *
 * @param consistency the consistency of the load
 * @param loaded the states that were loaded first
 * @param events the events of each stream, read after the load
 * @param latest the last messages of each room that is open in the loaded state
 */
record ConcurrentRead(
        Consistency consistency,
        Loaded loaded,
        Map<StreamId, Seq<ChatEvent>> events,
        Map<Room.Open, History.Page> latest) {

    private static final int PAGE = 7;

    /** Reads these streams. */
    static ConcurrentRead of(ChatStore store, Set<StreamId> streams, Consistency consistency) {
        Loaded loaded = store.load(streams, consistency);
        return new ConcurrentRead(
                consistency,
                loaded,
                streams.toMap(stream -> stream, stream -> store.read(stream, 0)),
                loaded.chat()
                        .rooms()
                        .values()
                        .flatMap(room -> loaded.chat().open(room.name()))
                        .toMap(room -> room, room -> store.latest(room, PAGE)));
    }

    /** Checks that every result is a moment of this history, and that the events are not older than the loaded state. */
    void assertPartOf(RecordedHistory history) {
        history.assertStates(loaded, loaded.versions().keySet());
        events.forEach((stream, read) -> {
            assertThat(read).isEqualTo(history.events(stream).take(read.size()));
            assertThat((long) read.size()).isGreaterThanOrEqualTo(version(stream));
        });
        latest.forEach((room, page) -> assertThat(page)
                .isEqualTo(new History.Page(history.messages(room, 0).takeRight(PAGE), false)));
    }

    /** Checks that a strict load contains all events that were read before it. A stale load may be older. */
    void assertNotOlderThan(ConcurrentRead before) {
        if (consistency == Consistency.STRICT) {
            before.events.forEach((stream, read) ->
                    assertThat(version(stream)).as("version of %s", stream).isGreaterThanOrEqualTo(read.size()));
        }
    }

    private long version(StreamId stream) {
        return loaded.versions().get(stream).get();
    }
}
