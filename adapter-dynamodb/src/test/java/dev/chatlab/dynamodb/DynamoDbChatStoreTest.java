package dev.chatlab.dynamodb;

import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ChatStoreContract;
import java.time.InstantSource;

/** The store on DynamoDB is a chat store. */
class DynamoDbChatStoreTest extends ChatStoreContract {

    @Override
    protected ChatStore empty() {
        return Engine.store(Engine.client(), Engine.tables(), InstantSource.fixed(ChatArbitraries.START));
    }
}
