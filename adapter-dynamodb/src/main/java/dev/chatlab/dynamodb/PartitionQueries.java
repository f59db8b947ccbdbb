package dev.chatlab.dynamodb;

import dev.chatlab.dynamodb.Tables.Partition;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads the items of one partition with {@code Query}, the only read operation of this store: its cost depends on that range alone. */
final class PartitionQueries {

    /** How often a read is repeated whose items are of different moments. Each repetition needs another write at that moment. */
    static final int MAX_REPETITIONS = 20;

    private final DynamoDbClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    PartitionQueries(DynamoDbClient client) {
        this.client = client;
    }

    /** The item with the highest sort key. */
    Option<Item> last(Partition partition, Consistency consistency) {
        return items(Range.of(partition).descending().limit(1), consistency).headOption();
    }

    /** All items of a range, up to its limit. */
    Seq<Item> items(Range range, Consistency consistency) {
        Vector<Item> items = Vector.empty();
        Map<String, AttributeValue> after = Map.of();
        do {
            QueryResponse page = query(range, consistency, after, range.limit - items.size());
            items = items.appendAll(Vector.ofAll(page.items()).map(Item::new));
            after = page.lastEvaluatedKey();
        } while (!after.isEmpty() && items.size() < range.limit);
        return items;
    }

    private QueryResponse query(Range range, Consistency consistency, Map<String, AttributeValue> after, int limit) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":pk", AttributeValue.fromS(range.partition.pk()));
        String condition = "pk = :pk";
        if (range.bounds.isDefined()) {
            values.put(":from", AttributeValue.fromS(range.bounds.get().from));
            values.put(":to", AttributeValue.fromS(range.bounds.get().to));
            condition += " AND sk BETWEEN :from AND :to";
        }
        QueryRequest.Builder request = QueryRequest.builder()
                .tableName(range.partition.table())
                .keyConditionExpression(condition)
                .expressionAttributeValues(values)
                .scanIndexForward(range.ascending)
                .consistentRead(consistency == Consistency.STRICT);
        if (limit < Integer.MAX_VALUE) {
            request.limit(limit);
        }
        if (!after.isEmpty()) {
            request.exclusiveStartKey(after);
        }
        try {
            return client.query(request.build());
        } catch (SdkException e) {
            throw Failures.of("read", range.partition, e);
        }
    }

    /** Starts a read on a virtual thread. {@link #join} waits for its result. */
    <T> Future<T> start(Supplier<T> read) {
        return threads.submit(read::get);
    }

    static <T> T join(Future<T> read) {
        try {
            return read.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new StoreException("a read failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            read.cancel(true);
            throw new StoreException("interrupted while reading", e);
        }
    }

    /** Waits before a read is repeated: a random time that grows with the number of repetitions. */
    static void backOff(int repetition) {
        try {
            Thread.sleep(new SecureRandom().nextLong(1, 5 + 3L * repetition));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while reading", e);
        }
    }

    /**
     * Consecutive items of a partition.
     *
     * @param bounds the first and the last sort key, both included; all items without bounds
     * @param limit the largest number of items
     */
    record Range(Partition partition, Option<Bounds> bounds, boolean ascending, int limit) {

        private record Bounds(String from, String to) {}

        /** All items in ascending order. */
        static Range of(Partition partition) {
            return new Range(partition, Option.none(), true, Integer.MAX_VALUE);
        }

        /** The events of a stream between two versions, both included. */
        Range versions(long from, long to) {
            var versions = new Bounds(Tables.sortKey(from), Tables.sortKey(to));
            return new Range(partition, Option.some(versions), ascending, limit);
        }

        Range descending() {
            return new Range(partition, bounds, false, limit);
        }

        Range limit(int max) {
            return new Range(partition, bounds, ascending, max);
        }
    }
}
