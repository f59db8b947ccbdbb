package dev.chatlab.dynamodb;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** A client that returns an item with another key for each failed condition of a transaction, as DynamoDB Local does under load. */
record MixedUpConflictItems(DynamoDbClient engine) implements DynamoDbClient {

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        try {
            return engine.transactWriteItems(request);
        } catch (TransactionCanceledException e) {
            throw e.toBuilder()
                    .cancellationReasons(e.cancellationReasons().stream()
                            .map(reason -> reason.hasItem()
                                    ? reason.toBuilder()
                                            .item(withOtherKey(reason.item()))
                                            .build()
                                    : reason)
                            .toList())
                    .build();
        }
    }

    private static Map<String, AttributeValue> withOtherKey(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> other = new HashMap<>(item);
        other.put("pk", AttributeValue.fromS("room/elsewhere"));
        return other;
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        return engine.query(request);
    }

    @Override
    public String serviceName() {
        return engine.serviceName();
    }

    @Override
    public void close() {
        // All tests share the engine's client.
    }
}
