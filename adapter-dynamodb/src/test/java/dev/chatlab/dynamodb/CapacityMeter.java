package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Measures what calls to DynamoDB cost: the consumed capacity that DynamoDB Local returns, and the sequential round trips.
 *
 * <p>The capacity of a transaction is computed from its items as AWS does, two units for each KB of each item, because DynamoDB
 * Local returns another figure.
 */
final class CapacityMeter implements ExecutionInterceptor {

    /**
     * The cost of one or more calls.
     *
     * @param roundTrips the length of the longest chain of calls of which each began after the end of the one before. A call that
     *     starts late by chance counts as one that waited, so the smallest of several measurements is right
     */
    record Cost(double writeUnits, double readUnits, int roundTrips) {

        static final Cost NONE = new Cost(0, 0, 0);

        Cost plus(Cost other) {
            return new Cost(writeUnits + other.writeUnits, readUnits + other.readUnits, roundTrips + other.roundTrips);
        }

        Cost withFewerTrips(Cost other) {
            return other.roundTrips < roundTrips ? other : this;
        }
    }

    private static final ExecutionAttribute<Integer> TRIP = new ExecutionAttribute<>("trip");
    private static final long LATENCY_NANOS = 12_000_000;

    private final Map<String, Integer> operations = new TreeMap<>();
    private Cost cost = Cost.NONE;
    private int trips;
    private double listUnits;

    /** The cost of all calls since the last {@code take}. */
    synchronized Cost take() {
        Cost taken = new Cost(cost.writeUnits, cost.readUnits, trips);
        cost = Cost.NONE;
        trips = 0;
        listUnits = 0;
        return taken;
    }

    /** The read units since the last {@link #take} that were spent on the lists of rooms and of registered users. */
    synchronized double listUnits() {
        return listUnits;
    }

    /** The number of calls of each operation. */
    synchronized Map<String, Integer> operations() {
        return new TreeMap<>(operations);
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return switch (context.request()) {
            case QueryRequest query ->
                query.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            case PutItemRequest put ->
                put.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            case SdkRequest other -> other;
        };
    }

    @Override
    public synchronized void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttribute(TRIP, trips + 1);
        operations.merge(context.request().getClass().getSimpleName().replace("Request", ""), 1, Integer::sum);
    }

    /** Delays each call, so that calls which start together also overlap. */
    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        LockSupport.parkNanos(LATENCY_NANOS);
    }

    @Override
    public synchronized void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        trips = Math.max(trips, attributes.getAttribute(TRIP));
        switch (context.response()) {
            case QueryResponse response -> {
                var request = (QueryRequest) context.request();
                // AWS charges the smallest unit for a query without a result. DynamoDB Local returns 0.
                double minimum = Boolean.TRUE.equals(request.consistentRead()) ? 1 : 0.5;
                double units = Math.max(minimum, response.consumedCapacity().capacityUnits());
                cost = cost.plus(new Cost(0, units, 0));
                String pk = Option.of(request.expressionAttributeValues().get(":pk"))
                        .get()
                        .s();
                if (pk.equals("online") || pk.equals("open-rooms")) {
                    listUnits += units;
                }
            }
            case PutItemResponse response -> {
                double units = response.consumedCapacity().capacityUnits();
                if (units != units(((PutItemRequest) context.request()).item())) {
                    throw new AssertionError("DynamoDB Local counts " + units + " units for " + context.request());
                }
                cost = cost.plus(new Cost(units, 0, 0));
            }
            default -> {
                if (context.request() instanceof TransactWriteItemsRequest transaction) {
                    double units = Vector.ofAll(transaction.transactItems())
                            .map(CapacityMeter::units)
                            .sum()
                            .doubleValue();
                    cost = cost.plus(new Cost(2 * units, 0, 0));
                }
            }
        }
    }

    /** Deleted items are roster items and list entries, smaller than 1 KB. */
    private static double units(TransactWriteItem item) {
        return item.put() == null ? 1 : units(item.put().item());
    }

    static double units(Map<String, AttributeValue> item) {
        return Math.ceil(size(item) / 1024.0);
    }

    /** The size of an item as AWS documents it: names and values in UTF-8, and about one byte for two digits of a number. */
    private static double size(Map<String, AttributeValue> attributes) {
        return Vector.ofAll(attributes.entrySet())
                .map(entry -> entry.getKey().getBytes(UTF_8).length + size(entry.getValue()))
                .sum()
                .doubleValue();
    }

    private static double size(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s().getBytes(UTF_8).length;
            case N -> Math.ceil(value.n().length() / 2.0) + 1;
            case B -> value.b().asByteArrayUnsafe().length;
            case SS ->
                Vector.ofAll(value.ss())
                        .map(text -> text.getBytes(UTF_8).length)
                        .sum()
                        .doubleValue();
            case M -> 3 + value.m().size() + size(value.m());
            default -> throw new AssertionError("no item has an attribute of type " + value.type());
        };
    }
}
