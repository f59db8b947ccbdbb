package dev.chatlab.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.EventStore.Committed;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.EventStore.Loaded;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What this store guarantees beyond the contract: reads are never stale, and conflicts name all winners. */
class InMemoryChatStoreTest {

    private static final ConnectionId CONNECTION = new ConnectionId("c1");
    private static final StreamId STREAM = StreamId.of(CONNECTION);
    private static final ChatEvent FIRST = new Connected(CONNECTION, Option.none(), Instant.EPOCH);
    private static final ChatEvent SECOND = new Connected(CONNECTION, Option.none(), Instant.EPOCH.plusSeconds(1));

    private final InMemoryChatStore store = new InMemoryChatStore();

    @Test
    void staleLoadReturnsTheStateAfterTheLastAppend() {
        assertThat(store.append(append(0, FIRST))).isEqualTo(Either.right(new Committed(HashMap.of(STREAM, 1L))));

        assertThat(store.load(HashSet.of(STREAM), Consistency.STALE))
                .isEqualTo(new Loaded(Chat.EMPTY.evolve(FIRST), HashMap.of(STREAM, 1L)));
    }

    @Test
    void appendAtOldVersionConflictsWithAllWinners() {
        store.append(append(0, FIRST));
        store.append(append(1, SECOND));

        assertThat(store.append(append(0, SECOND)))
                .isEqualTo(Either.left(new Conflict(HashMap.of(STREAM, Vector.of(FIRST, SECOND)))));
    }

    @Test
    void eventsReadBeforeAnAppendStayAsTheyAre() {
        store.append(append(0, FIRST));
        Seq<ChatEvent> before = store.read(STREAM, 0);

        store.append(append(1, SECOND));

        assertThat(before).containsExactly(FIRST);
        assertThat(store.read(STREAM, 0)).containsExactly(FIRST, SECOND);
    }

    private static Append append(long version, ChatEvent event) {
        return new Append(Append.Id.random(), HashMap.of(STREAM, version), Chat.EMPTY, Vector.of(event));
    }
}
