package dev.chatlab.testkit.contract;

import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatStoreContract;

/** The contract on the store in memory. It is tested here, because the test kit's own tests depend on that store. */
class InMemoryChatStoreTest extends ChatStoreContract {

    @Override
    protected ChatStore empty() {
        return new InMemoryChatStore();
    }
}
