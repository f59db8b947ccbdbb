package dev.chatlab.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.EventStore.Loaded;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.testkit.ConcurrentClients;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import dev.chatlab.testkit.TestClient;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Each fault on its own, and concurrent clients on a store with all faults. */
class FaultyStoreTest {

    private static final StreamId CONNECTION = StreamId.of(TestClient.ANN.connection());
    private static final StreamId USER = StreamId.of(TestClient.ANN.user());
    private static final Append CONNECTED = append(HashMap.of(CONNECTION, 0L), Chat.EMPTY, TestClient.ANN.connected());
    private static final Append REGISTERED = append(
            HashMap.of(CONNECTION, 1L, USER, 0L),
            Chat.EMPTY.evolve(TestClient.ANN.connected()),
            TestClient.ANN.registered());
    private static final Set<StreamId> STREAMS = HashSet.of(CONNECTION, USER);

    private final ChatStore correct = new InMemoryChatStore();

    @Example
    void staleLoadOfStreamThatLagsReturnsItsOlderState() {
        correct.append(CONNECTED);
        correct.append(REGISTERED);
        Chat registered = correct.load(STREAMS, Consistency.STRICT).chat();
        ChatStore lagging = new FaultyStore(correct, new Faults() {
            @Override
            public int lag(StreamId stream) {
                return stream.equals(CONNECTION) ? 1 : 0;
            }
        });

        assertThat(lagging.load(STREAMS, Consistency.STALE))
                .isEqualTo(new Loaded(
                        Chat.EMPTY.evolve(TestClient.ANN.connected()).merge(registered.slice(HashSet.of(USER))),
                        HashMap.of(CONNECTION, 1L, USER, 1L)));
    }

    @Example
    void staleLoadThatLagsByMoreThanAllEventsReturnsTheEmptyState() {
        correct.append(CONNECTED);

        assertThat(lagging(3).load(STREAMS, Consistency.STALE))
                .isEqualTo(new Loaded(Chat.EMPTY, HashMap.of(CONNECTION, 0L, USER, 0L)));
    }

    @Example
    void strictLoadDoesNotLag() {
        correct.append(CONNECTED);

        assertThat(lagging(3).load(STREAMS, Consistency.STRICT)).isEqualTo(correct.load(STREAMS, Consistency.STRICT));
    }

    private ChatStore lagging(int events) {
        return new FaultyStore(correct, new Faults() {
            @Override
            public int lag(StreamId stream) {
                return events;
            }
        });
    }

    @Example
    void injectedConflictNamesNoWinnersAndStoresNothing() {
        ChatStore conflicting = new FaultyStore(correct, new Faults() {
            @Override
            public boolean conflicts(Append append) {
                return true;
            }
        });

        assertThat(conflicting.append(CONNECTED)).isEqualTo(Either.left(new Conflict(HashMap.empty())));
        assertThat(correct.read(CONNECTION, 0)).isEmpty();
    }

    @Example
    void lostRequestIsNotStored() {
        ChatStore losing = new FaultyStore(correct, new Faults() {
            @Override
            public boolean losesRequest(Append append) {
                return true;
            }
        });

        assertThatThrownBy(() -> losing.append(CONNECTED)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(correct.read(CONNECTION, 0)).isEmpty();
    }

    @Example
    void appendWithLostAnswerIsStored() {
        ChatStore losing = new FaultyStore(correct, new Faults() {
            @Override
            public boolean losesAnswer(Append append) {
                return true;
            }
        });

        assertThatThrownBy(() -> losing.append(CONNECTED)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(correct.read(CONNECTION, 0)).containsExactly(TestClient.ANN.connected());
    }

    @Property(tries = 25)
    void concurrentClientsOnFaultyStoreLoseNoMessageAndDuplicateNone(@ForAll long seed) {
        new ConcurrentClients(seed, 4, 60).run(new FaultyStore(new InMemoryChatStore(), new RandomFaults(seed)));
    }

    private static Append append(Map<StreamId, Long> expected, Chat stateBefore, ChatEvent event) {
        return new Append(Append.Id.random(), expected, stateBefore, Vector.of(event));
    }

    /** Each fault with a probability of its own. */
    private static final class RandomFaults implements Faults {
        private final Random random;

        RandomFaults(long seed) {
            random = new Random(seed);
        }

        @Override
        public int lag(StreamId stream) {
            return IntStream.of(0, 0, 1, 2, 5).toArray()[random.nextInt(5)];
        }

        @Override
        public boolean conflicts(Append append) {
            return random.nextInt(12) == 0;
        }

        @Override
        public boolean losesRequest(Append append) {
            return random.nextInt(12) == 0;
        }

        @Override
        public boolean losesAnswer(Append append) {
            return random.nextInt(6) == 0;
        }
    }
}
