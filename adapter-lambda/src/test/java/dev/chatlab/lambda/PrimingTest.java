package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatlab.application.Reply;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Resource;
import org.crac.RestoreException;
import org.junit.jupiter.api.Test;

/** What happens before a snapshot is taken of a function, and after one is restored. */
class PrimingTest {

    private static final Set<StreamId> STREAMS = HashSet.of(StreamId.of(new ConnectionId("nobody")));

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void whatIsRehearsedIsEverything() {
        assertThat(HeadStart.converse())
                .hasSize(7)
                .allSatisfy(reply -> assertThat(reply).isInstanceOf(Reply.Accepted.class));
    }

    @Test
    void theTablesAreReadOnceBeforeTheSnapshotAndNotAfterIt() throws Exception {
        var snapshot = new Snapshot(priming(0, Duration.ZERO));

        snapshot.beforeCheckpoint(snapshot);
        assertThat(reads).hasValue(1);
        snapshot.afterRestore(snapshot);
        assertThat(reads).hasValue(1);
    }

    /** As while a role's permissions make their way. */
    @Test
    void aTableThatCannotBeReadYetIsReadAgain() {
        var snapshot = new Snapshot(priming(1, Duration.ofMinutes(1)));

        assertThatCode(() -> snapshot.beforeCheckpoint(snapshot)).doesNotThrowAnyException();
        assertThat(reads).hasValue(2);
    }

    @Test
    void aFunctionThatWouldNotWorkIsNotSnapshot() {
        var snapshot = new Snapshot(priming(Integer.MAX_VALUE, Duration.ZERO));

        assertThatThrownBy(() -> snapshot.beforeCheckpoint(snapshot))
                .hasMessage("this function would not work: cannot read connection/nobody in table clients: "
                        + "there is no such table");
    }

    /** With a store that fails so often. */
    private Priming priming(int failures, Duration patience) {
        var store = new InMemoryChatStore();
        ChatStore failing = (ChatStore) Proxy.newProxyInstance(
                ChatStore.class.getClassLoader(), new Class<?>[] {ChatStore.class}, (proxy, method, arguments) -> {
                    if (reads.incrementAndGet() <= failures) {
                        throw new StoreException(
                                "cannot read connection/nobody in table clients: there is no such table",
                                new IllegalStateException());
                    }
                    return method.invoke(store, arguments);
                });
        return new Priming(HeadStart.begin(), failing, STREAMS, patience);
    }

    /** A context of one. */
    private static final class Snapshot extends Context<Resource> {

        private final Resource only;

        private Snapshot(Resource only) {
            this.only = only;
        }

        @Override
        public void register(Resource resource) {
            throw new UnsupportedOperationException("a context of one, which it was made with");
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
            try {
                only.beforeCheckpoint(this);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) throws RestoreException {
            try {
                only.afterRestore(this);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
