package dev.chatlab.dynamodb;

import dev.chatlab.dynamodb.Adversary.Malice;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ChatStoreContract;
import java.time.InstantSource;

/** The store on a DynamoDB that lags and shows transactions in halves is a chat store all the same. */
class LaggingDynamoDbTest extends ChatStoreContract {

    @Override
    protected ChatStore empty() {
        var adversary = new Adversary(Engine.client(), new Malice(12, 0));
        return Engine.store(adversary, Engine.tables(), InstantSource.fixed(ChatArbitraries.START));
    }
}
