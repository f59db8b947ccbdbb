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
 * All that DynamoDB may do and DynamoDB Local never does. The engine decides every write; what a read shows is decided here:
 *
 * <ul>
 *   <li>the items of a transaction become visible one after another, in any order, all of them before it is acknowledged
 *   <li>a consistent query shows what is visible; any other what was visible some steps ago, each query so many of its own
 *   <li>writes are refused as throttled or as in conflict with a transaction, get lost, or are done and the answer gets lost
 * </ul>
 */
final class Adversary implements DynamoDbClient {

    /**
     * How bad it is.
     *
     * @param lag the most steps by which a query that need not be consistent is behind: a step is an item that became visible,
     *     or a query
     * @param mischief of a hundred writes, how many go wrong in each of the ways there are
     */
    record Malice(int lag, int mischief) {}

    /** What an item was from a step on; nothing, when it was deleted. */
    private record Version(long step, @Nullable Map<String, AttributeValue> item) {}

    /** DynamoDB sorts strings by their bytes in UTF-8. */
    private static final Comparator<String> SORT_KEYS =
            Comparator.comparing(key -> key.getBytes(UTF_8), Arrays::compareUnsigned);

    private static final String LAST_SORT_KEY = Character.toString(Character.MAX_CODE_POINT);

    private final DynamoDbClient engine;
    private final Malice malice;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Partition, TreeMap<String, List<Version>>> visible = new HashMap<>();

    /** What is written and not to be seen yet. */
    private final Map<ItemKey, TransactWriteItem> hidden = new HashMap<>();

    private long steps;

    Adversary(DynamoDbClient engine, Malice malice) {
        this.engine = engine;
        this.malice = malice;
    }

    // --- reads ---

    @Override
    public QueryResponse query(QueryRequest request) {
        if (request.limit() == null && request.exclusiveStartKey() != null && request.hasExclusiveStartKey()) {
            throw new AssertionError("everything fits a page here");
        }
        lock.lock();
        try {
            boolean consistent = Boolean.TRUE.equals(request.consistentRead());
            long moment =
                    consistent ? steps : steps - ThreadLocalRandom.current().nextLong(malice.lag + 1L);
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
        switch (fate()) {
            case THROTTLED -> throw throttled();
            case IN_CONFLICT ->
                throw TransactionConflictException.builder()
                        .message("Transaction is ongoing for the item")
                        .numAttempts(1)
                        .awsErrorDetails(details("TransactionConflictException"))
                        .build();
            case LOST -> throw lost();
            case DONE_AND_LOST -> {
                put(request);
                throw lost();
            }
            case DONE -> {}
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
        switch (fate()) {
            case THROTTLED -> throw cancelled("ThrottlingError", request);
            case IN_CONFLICT -> throw cancelled("TransactionConflict", request);
            case LOST -> throw lost();
            case DONE_AND_LOST -> {
                transact(request);
                throw lost();
            }
            case DONE -> {}
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
                // Of one item everything is seen in its order.
                uncover(spot(item));
                hidden.put(spot(item), item);
            });
        } finally {
            lock.unlock();
        }
        for (TransactWriteItem item : items) {
            LockSupport.parkNanos(50_000);
            lock.lock();
            try {
                uncover(spot(item));
            } finally {
                lock.unlock();
            }
        }
        return response;
    }

    private void uncover(ItemKey key) {
        TransactWriteItem item = hidden.remove(key);
        if (item != null) {
            show(key, item.put() == null ? null : item.put().item());
        }
    }

    private static ItemKey spot(TransactWriteItem item) {
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

    // --- what goes wrong ---

    private enum Fate {
        THROTTLED,
        IN_CONFLICT,
        LOST,
        DONE_AND_LOST,
        DONE
    }

    private Fate fate() {
        int dice = ThreadLocalRandom.current().nextInt(100);
        return Fate.values()[malice.mischief == 0 ? 4 : Math.min(4, dice / malice.mischief)];
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
        // The engine's client is everybody's.
    }
}
