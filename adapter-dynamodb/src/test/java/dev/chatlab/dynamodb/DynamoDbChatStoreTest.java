package dev.chatlab.dynamodb;

import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ChatStoreContract;
import java.time.InstantSource;

/** The store contract on DynamoDB Local. */
class DynamoDbChatStoreTest extends ChatStoreContract {

    @Override
    protected ChatStore empty() {
        return TestDynamoDb.store(
                TestDynamoDb.client(), TestDynamoDb.tables(), InstantSource.fixed(ChatArbitraries.START));
    }
}
