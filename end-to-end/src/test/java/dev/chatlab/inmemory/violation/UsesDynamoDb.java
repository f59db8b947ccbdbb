package dev.chatlab.inmemory.violation;

import dev.chatlab.dynamodb.violation.UsesInMemory;

/** Breaks the rule of the store in memory: uses the other store. With {@link UsesInMemory} it makes a cycle. */
public final class UsesDynamoDb {

    /** The class of the other store. */
    public static final Class<?> STORE = UsesInMemory.class;

    private UsesDynamoDb() {}
}
