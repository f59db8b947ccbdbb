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
 * What calls to DynamoDB cost: the capacity that it says they took, and how many had to be made one after another.
 *
 * <p>A transaction is costed from its items, two units for each KB of each, as AWS does; DynamoDB Local says something else.
 */
final class Meter implements ExecutionInterceptor {

    /**
     * A sum of calls.
     *
     * @param roundTrips the most calls of which each began after the one before it had ended; what happens to be late counts as
     *     if it had waited, so that of several measurements the least is right
     */
    record Cost(double writeUnits, double readUnits, int roundTrips) {

        static final Cost NOTHING = new Cost(0, 0, 0);

        Cost plus(Cost other) {
            return new Cost(writeUnits + other.writeUnits, readUnits + other.readUnits, roundTrips + other.roundTrips);
        }

        Cost fewerTrips(Cost other) {
            return other.roundTrips < roundTrips ? other : this;
        }
    }

    private static final ExecutionAttribute<Integer> TRIP = new ExecutionAttribute<>("trip");
    private static final long LATENCY_NANOS = 12_000_000;

    private final Map<String, Integer> operations = new TreeMap<>();
    private Cost cost = Cost.NOTHING;
    private int trips;
    private double listUnits;

    /** What it all cost since this was asked last. */
    synchronized Cost take() {
        Cost taken = new Cost(cost.writeUnits, cost.readUnits, trips);
        cost = Cost.NOTHING;
        trips = 0;
        listUnits = 0;
        return taken;
    }

    /** How many read units since the last {@link #take} were for the list of rooms or of everyone. */
    synchronized double listUnits() {
        return listUnits;
    }

    /** How often each operation has been called. */
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

    /** So long that what goes out together is under way together. */
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
                // A query that finds nothing costs the least that there is; DynamoDB Local says 0.
                double least = Boolean.TRUE.equals(request.consistentRead()) ? 1 : 0.5;
                double units = Math.max(least, response.consumedCapacity().capacityUnits());
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
                    throw new AssertionError("DynamoDB Local says " + units + " units for " + context.request());
                }
                cost = cost.plus(new Cost(units, 0, 0));
            }
            default -> {
                if (context.request() instanceof TransactWriteItemsRequest transaction) {
                    double units = Vector.ofAll(transaction.transactItems())
                            .map(Meter::units)
                            .sum()
                            .doubleValue();
                    cost = cost.plus(new Cost(2 * units, 0, 0));
                }
            }
        }
    }

    /** What is deleted here are entries of lists, well within a KB. */
    private static double units(TransactWriteItem item) {
        return item.put() == null ? 1 : units(item.put().item());
    }

    static double units(Map<String, AttributeValue> item) {
        return Math.ceil(size(item) / 1024.0);
    }

    /** The size of an item as AWS documents it: names and values in UTF-8, numbers about a byte for two digits. */
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
            default -> throw new AssertionError("nothing here has a " + value.type());
        };
    }
}
