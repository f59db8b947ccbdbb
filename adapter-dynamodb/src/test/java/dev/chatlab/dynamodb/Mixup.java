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

/** Tells of every failed condition with an item of another key. */
record Mixup(DynamoDbClient engine) implements DynamoDbClient {

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        try {
            return engine.transactWriteItems(request);
        } catch (TransactionCanceledException e) {
            throw e.toBuilder()
                    .cancellationReasons(e.cancellationReasons().stream()
                            .map(reason -> reason.hasItem()
                                    ? reason.toBuilder()
                                            .item(other(reason.item()))
                                            .build()
                                    : reason)
                            .toList())
                    .build();
        }
    }

    private static Map<String, AttributeValue> other(Map<String, AttributeValue> item) {
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
        // The engine's client is everybody's.
    }
}
