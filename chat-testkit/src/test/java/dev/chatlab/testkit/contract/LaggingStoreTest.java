package dev.chatlab.testkit.contract;

import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatStoreContract;
import dev.chatlab.testkit.Faults;
import dev.chatlab.testkit.FaultyStore;
import java.util.concurrent.ThreadLocalRandom;

/** The contract on a store whose stale loads lag: the contract allows them to. */
class LaggingStoreTest extends ChatStoreContract {

    @Override
    protected ChatStore empty() {
        return new FaultyStore(new InMemoryChatStore(), new Faults() {
            @Override
            public int lag(StreamId stream) {
                return ThreadLocalRandom.current().nextInt(3);
            }
        });
    }
}
