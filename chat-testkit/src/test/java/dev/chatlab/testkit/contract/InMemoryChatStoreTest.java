package dev.chatlab.testkit.contract;

import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatStoreContract;

/** The store in memory is a chat store. */
class InMemoryChatStoreTest extends ChatStoreContract {

    @Override
    protected ChatStore empty() {
        return new InMemoryChatStore();
    }
}
