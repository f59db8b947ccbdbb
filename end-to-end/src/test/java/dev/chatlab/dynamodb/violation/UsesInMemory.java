package dev.chatlab.dynamodb.violation;

import dev.chatlab.inmemory.violation.UsesDynamoDb;

/** Breaks the rule of the store on DynamoDB: uses the other store. */
public final class UsesInMemory {

    private UsesInMemory() {}

    /** The name of the other store's class. */
    public static String store() {
        return UsesDynamoDb.STORE.getName();
    }
}
