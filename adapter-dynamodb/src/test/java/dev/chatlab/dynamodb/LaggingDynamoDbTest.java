package dev.chatlab.dynamodb;

import dev.chatlab.dynamodb.FaultInjectingDynamoDb.FaultRates;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ChatStoreContract;
import java.time.InstantSource;

/** The store contract on a DynamoDB with stale reads, which read halves of transactions. */
class LaggingDynamoDbTest extends ChatStoreContract {

    @Override
    protected ChatStore empty() {
        var client = new FaultInjectingDynamoDb(TestDynamoDb.client(), new FaultRates(12, 0));
        return TestDynamoDb.store(client, TestDynamoDb.tables(), InstantSource.fixed(ChatArbitraries.START));
    }
}
