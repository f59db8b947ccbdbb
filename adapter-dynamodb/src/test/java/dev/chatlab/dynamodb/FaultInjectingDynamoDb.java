package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chatlab.dynamodb.Tables.ItemKey;
import dev.chatlab.dynamodb.Tables.Partition;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * A client that injects the faults that DynamoDB may have and DynamoDB Local never has. DynamoDB Local executes every write; this
 * client decides what a read returns:
 *
 * <ul>
 *   <li>the items of a transaction become visible one after another, in any order, all of them before the answer
 *   <li>a consistent query returns what is visible; any other query returns what was visible a random number of steps before
 *   <li>writes fail as throttled or as in conflict with a transaction, are lost, or are stored and their answer is lost
 * </ul>
 */
final class FaultInjectingDynamoDb implements DynamoDbClient {

    /**
     * How often faults happen.
     *
     * @param maxLag the largest number of steps by which a stale query is behind. Each item that becomes visible and each query is
     *     one step
     * @param percentOfEach the probability of each kind of failed write, in percent
     */
    record FaultRates(int maxLag, int percentOfEach) {}

    /** The content of an item from a step on; null after it was deleted. */
    private record Version(long step, @Nullable Map<String, AttributeValue> item) {}

    /** DynamoDB sorts strings by their bytes in UTF-8. */
    private static final Comparator<String> SORT_KEYS =
            Comparator.comparing(key -> key.getBytes(UTF_8), Arrays::compareUnsigned);

    private static final String LAST_SORT_KEY = Character.toString(Character.MAX_CODE_POINT);

    private final DynamoDbClient engine;
    private final FaultRates rates;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Partition, TreeMap<String, List<Version>>> visible = new HashMap<>();

    /** Writes that are stored and not visible yet. */
    private final Map<ItemKey, TransactWriteItem> hidden = new HashMap<>();

    private long steps;

    FaultInjectingDynamoDb(DynamoDbClient engine, FaultRates rates) {
        this.engine = engine;
        this.rates = rates;
    }

    // --- reads ---

    @Override
    public QueryResponse query(QueryRequest request) {
        if (request.limit() == null && request.exclusiveStartKey() != null && request.hasExclusiveStartKey()) {
            throw new AssertionError("a second page is not supported");
        }
        lock.lock();
        try {
            boolean consistent = Boolean.TRUE.equals(request.consistentRead());
            long moment =
                    consistent ? steps : steps - ThreadLocalRandom.current().nextLong(rates.maxLag + 1L);
            steps++;
            return QueryResponse.builder().items(at(moment, request).asJava()).build();
        } finally {
            lock.unlock();
        }
    }

    private Seq<Map<String, AttributeValue>> at(long moment, QueryRequest request) {
        Map<String, AttributeValue> values = request.expressionAttributeValues();
        String from = values.containsKey(":from") ? text(values, ":from") : "";
        String to = values.containsKey(":to") ? text(values, ":to") : LAST_SORT_KEY;
        Seq<Map<String, AttributeValue>> items = Vector.ofAll(visible.getOrDefault(
                                new Partition(request.tableName(), text(values, ":pk")), new TreeMap<>(SORT_KEYS))
                        .subMap(from, true, to, true)
                        .values())
                .flatMap(versions -> Vector.ofAll(versions)
                        .filter(version -> version.step <= moment)
                        .lastOption()
                        .flatMap(version -> Option.of(version.item)));
        Seq<Map<String, AttributeValue>> inOrder =
                Boolean.FALSE.equals(request.scanIndexForward()) ? items.reverse() : items;
        return request.limit() == null ? inOrder : inOrder.take(request.limit());
    }

    private static String text(Map<String, AttributeValue> values, String name) {
        return Option.of(values.get(name))
                .flatMap(value -> Option.of(value.s()))
                .getOrElseThrow(() -> new AssertionError(name + " is missing"));
    }

    // --- writes ---

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        switch (randomFault()) {
            case THROTTLED -> throw throttled();
            case IN_CONFLICT ->
                throw TransactionConflictException.builder()
                        .message("Transaction is ongoing for the item")
                        .numAttempts(1)
                        .awsErrorDetails(details("TransactionConflictException"))
                        .build();
            case LOST -> throw lost();
            case STORED_AND_LOST -> {
                put(request);
                throw lost();
            }
            case NONE -> {}
        }
        return put(request);
    }

    private PutItemResponse put(PutItemRequest request) {
        lock.lock();
        try {
            PutItemResponse response = engine.putItem(request);
            show(key(request.tableName(), request.item()), request.item());
            return response;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        switch (randomFault()) {
            case THROTTLED -> throw cancelled("ThrottlingError", request);
            case IN_CONFLICT -> throw cancelled("TransactionConflict", request);
            case LOST -> throw lost();
            case STORED_AND_LOST -> {
                transact(request);
                throw lost();
            }
            case NONE -> {}
        }
        return transact(request);
    }

    private TransactWriteItemsResponse transact(TransactWriteItemsRequest request) {
        List<TransactWriteItem> items = new ArrayList<>(request.transactItems());
        Collections.shuffle(items);
        TransactWriteItemsResponse response;
        lock.lock();
        try {
            response = engine.transactWriteItems(request);
            items.forEach(item -> {
                // The changes of one item become visible in their order.
                reveal(key(item));
                hidden.put(key(item), item);
            });
        } finally {
            lock.unlock();
        }
        for (TransactWriteItem item : items) {
            LockSupport.parkNanos(50_000);
            lock.lock();
            try {
                reveal(key(item));
            } finally {
                lock.unlock();
            }
        }
        return response;
    }

    private void reveal(ItemKey key) {
        TransactWriteItem item = hidden.remove(key);
        if (item != null) {
            show(key, item.put() == null ? null : item.put().item());
        }
    }

    private static ItemKey key(TransactWriteItem item) {
        return item.put() == null
                ? key(item.delete().tableName(), item.delete().key())
                : key(item.put().tableName(), item.put().item());
    }

    private static ItemKey key(String table, Map<String, AttributeValue> item) {
        return new ItemKey(table, text(item, "pk"), text(item, "sk"));
    }

    private void show(ItemKey key, @Nullable Map<String, AttributeValue> item) {
        visible.computeIfAbsent(new Partition(key.table(), key.pk()), partition -> new TreeMap<>(SORT_KEYS))
                .computeIfAbsent(key.sk(), sk -> new ArrayList<>())
                .add(new Version(++steps, item));
    }

    // --- faults ---

    private enum Fault {
        THROTTLED,
        IN_CONFLICT,
        LOST,
        STORED_AND_LOST,
        NONE
    }

    private Fault randomFault() {
        // NONE is the last one.
        Fault[] faults = Fault.values();
        int last = faults.length - 1;
        int percent = ThreadLocalRandom.current().nextInt(100);
        return faults[rates.percentOfEach == 0 ? last : Math.min(last, percent / rates.percentOfEach)];
    }

    private static SdkClientException lost() {
        return SdkClientException.create("Read timed out");
    }

    private static RuntimeException throttled() {
        return ProvisionedThroughputExceededException.builder()
                .message("The level of configured provisioned throughput for the table was exceeded")
                .awsErrorDetails(details("ProvisionedThroughputExceededException"))
                .build();
    }

    private static RuntimeException cancelled(String code, TransactWriteItemsRequest request) {
        List<CancellationReason> reasons = new ArrayList<>();
        request.transactItems()
                .forEach(item ->
                        reasons.add(CancellationReason.builder().code("None").build()));
        reasons.set(
                ThreadLocalRandom.current().nextInt(reasons.size()),
                CancellationReason.builder().code(code).build());
        return TransactionCanceledException.builder()
                .message("Transaction cancelled")
                .cancellationReasons(reasons)
                .numAttempts(1)
                .awsErrorDetails(details("TransactionCanceledException"))
                .build();
    }

    private static AwsErrorDetails details(String code) {
        return AwsErrorDetails.builder().errorCode(code).errorMessage(code).build();
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
