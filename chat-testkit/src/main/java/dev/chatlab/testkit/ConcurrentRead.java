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
 * What somebody sees of a store in which others are writing.
 *
 * @param events of every stream, all that there were a moment later
 * @param said in every room that is open in what was loaded, its last messages up to there
 */
record ConcurrentRead(
        Consistency consistency,
        Loaded loaded,
        Map<StreamId, Seq<ChatEvent>> events,
        Map<Room.Open, History.Page> said) {

    private static final int LAST = 7;

    static ConcurrentRead at(ChatStore store, Set<StreamId> streams, Consistency consistency) {
        Loaded loaded = store.load(streams, consistency);
        return new ConcurrentRead(
                consistency,
                loaded,
                streams.toMap(stream -> stream, stream -> store.read(stream, 0)),
                loaded.chat()
                        .rooms()
                        .values()
                        .flatMap(room -> loaded.chat().open(room.name()))
                        .toMap(room -> room, room -> store.latest(room, LAST)));
    }

    void isExplainedBy(RecordedHistory told) {
        told.explains(loaded, loaded.versions().keySet());
        events.forEach((stream, seen) -> {
            assertThat(seen).isEqualTo(told.events(stream).take(seen.size()));
            assertThat((long) seen.size()).isGreaterThanOrEqualTo(version(stream));
        });
        said.forEach((room, page) -> assertThat(page)
                .isEqualTo(new History.Page(told.messages(room, 0).takeRight(LAST), false)));
    }

    /** What had been read before is in what is loaded, unless that may be stale. */
    void isNoOlderThan(ConcurrentRead before) {
        if (consistency == Consistency.STRICT) {
            before.events.forEach((stream, seen) ->
                    assertThat(version(stream)).as("%s", stream).isGreaterThanOrEqualTo(seen.size()));
        }
    }

    private long version(StreamId stream) {
        return loaded.versions().get(stream).get();
    }
}
