package dev.chatlab.testkit.contract;

import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.testkit.ConcurrentClients;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Several services, as in several processes, on one store that lags, conflicts, and loses requests and answers. */
class FaultyStoreTest {

    @Property(tries = 25)
    void whatWasAcceptedIsStoredOnceAndTheRulesHold(@ForAll long seed) {
        new ConcurrentClients(seed, 4, 60).run(new FaultyStore(new InMemoryChatStore(), new Mischief(seed)));
    }

    /** Every fault now and then. */
    private static final class Mischief implements Faults {
        private final Random random;

        Mischief(long seed) {
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
