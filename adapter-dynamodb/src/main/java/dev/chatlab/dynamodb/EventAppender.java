package dev.chatlab.dynamodb;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.dynamodb.PartitionQueries.Range;
import dev.chatlab.dynamodb.Tables.ItemKey;
import dev.chatlab.dynamodb.TransactionItems.PutEvent;
import dev.chatlab.dynamodb.TransactionItems.Write;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.EventStore.Committed;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.ports.StoreException;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Executes appends. An append with one item is a conditional put; any other append is one transaction.
 *
 * <p>The optimistic concurrency check is the condition that no event item with the same stream and version exists. If the check
 * fails, the append id in the existing item decides. The append's own id means that an earlier attempt was stored and its answer
 * was lost. Any other id is a winner's.
 */
final class EventAppender {

    private static final String NOT_EXISTS = "attribute_not_exists(pk)";

    /** The longest token that DynamoDB accepts for an idempotent transaction. */
    private static final int MAX_TOKEN_LENGTH = 36;

    private final DynamoDbClient client;
    private final Tables tables;
    private final PartitionQueries queries;
    private final Retention retention;
    private final HeadExpiries heads;

    EventAppender(
            DynamoDbClient client, Tables tables, PartitionQueries queries, Retention retention, HeadExpiries heads) {
        this.client = client;
        this.tables = tables;
        this.queries = queries;
        this.retention = retention;
        this.heads = heads;
    }

    Either<Conflict, Committed> append(Append append) {
        TransactionItems items = TransactionItems.of(append, tables, retention, heads);
        try {
            return items.all().size() == 1 ? put(append, items, items.events().head()) : transact(append, items);
        } catch (TransactionConflictException e) {
            return conflictInProgress(append, e);
        } catch (SdkException e) {
            if (!Failures.isPermanent(e)) {
                throw new OutcomeUnknownException(unknownOutcome(append, Failures.reason(e)), e);
            }
            // The last attempt stored nothing, but an earlier attempt of the SDK may have.
            throw e.numAttempts() > 1
                    ? new StoreException(unknownOutcome(append, Failures.reason(e)), e)
                    : Failures.of("append to", streams(append), e);
        }
    }

    private Either<Conflict, Committed> put(Append append, TransactionItems items, PutEvent event) {
        try {
            client.putItem(put -> put.tableName(event.key().table())
                    .item(attributes(event.key(), event.item()))
                    .conditionExpression(NOT_EXISTS)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return committed(append, items);
        } catch (ConditionalCheckFailedException e) {
            return afterFailedCheck(append, items, Vector.of(Option.of(e.hasItem() ? e.item() : null)));
        }
    }

    private Either<Conflict, Committed> transact(Append append, TransactionItems items) {
        var request = TransactWriteItemsRequest.builder()
                .transactItems(items.all().map(EventAppender::transactItem).asJava());
        if (append.id().value().length() <= MAX_TOKEN_LENGTH) {
            request.clientRequestToken(append.id().value());
        }
        try {
            client.transactWriteItems(request.build());
            return committed(append, items);
        } catch (TransactionCanceledException e) {
            Seq<CancellationReason> reasons = Vector.ofAll(e.cancellationReasons());
            if (reasons.exists(reason -> "ConditionalCheckFailed".equals(reason.code()))) {
                return afterFailedCheck(
                        append,
                        items,
                        reasons.take(items.events().size())
                                .map(reason -> Option.of(reason.hasItem() ? reason.item() : null)));
            }
            if (reasons.exists(reason -> "TransactionConflict".equals(reason.code()))) {
                return conflictInProgress(append, e);
            }
            if (reasons.exists(reason -> "ValidationError".equals(reason.code()))) {
                throw new StoreException(
                        "cannot append to " + streams(append) + ": "
                                + reasons.flatMap(reason -> Option.of(reason.message())),
                        e);
            }
            // Throttled: this attempt stored nothing, but an earlier one may have.
            throw e;
        }
    }

    private static TransactWriteItem transactItem(Write write) {
        return switch (write) {
            case PutEvent(var stream, var version, var key, var item) ->
                TransactWriteItem.builder()
                        .put(put -> put.tableName(key.table())
                                .item(attributes(key, item))
                                .conditionExpression(NOT_EXISTS)
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                        .build();
            case TransactionItems.Put(var key, var item) ->
                TransactWriteItem.builder()
                        .put(put -> put.tableName(key.table()).item(attributes(key, item)))
                        .build();
            case TransactionItems.Delete(var key) ->
                TransactWriteItem.builder()
                        .delete(delete -> delete.tableName(key.table()).key(attributes(key, Item.EMPTY)))
                        .build();
        };
    }

    private static Map<String, AttributeValue> attributes(ItemKey key, Item item) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        attributes.put("pk", AttributeValue.fromS(key.pk()));
        attributes.put("sk", AttributeValue.fromS(key.sk()));
        attributes.putAll(item.attributes());
        return attributes;
    }

    private Either<Conflict, Committed> committed(Append append, TransactionItems items) {
        items.events()
                .forEach(event -> heads.remember(
                        event.stream(), event.version(), event.item().expires()));
        return Either.right(new Committed(append.versions()));
    }

    // --- conflicts ---

    /**
     * Another transaction is writing one of these items, and this attempt stored nothing. If the SDK made several attempts, the
     * other transaction may be an earlier attempt of this append.
     */
    private Either<Conflict, Committed> conflictInProgress(Append append, SdkException e) {
        if (e.numAttempts() > 1) {
            throw new OutcomeUnknownException(unknownOutcome(append, "another transaction is in progress"), e);
        }
        return Either.left(new Conflict(HashMap.empty()));
    }

    /**
     * Decides the outcome by the items that exist. DynamoDB returns them with the failed check; if they are not enough, they are
     * read.
     */
    private Either<Conflict, Committed> afterFailedCheck(
            Append append, TransactionItems items, Seq<Option<Map<String, AttributeValue>>> returned) {
        Either<Conflict, Committed> outcome =
                outcome(append, items, items.events().zip(returned).flatMap(pair -> existing(pair._1, pair._2)));
        boolean known = outcome.fold(Conflict::isFinal, committed -> true);
        return known ? outcome : outcome(append, items, items.events().flatMap(this::readExisting));
    }

    private Either<Conflict, Committed> outcome(Append append, TransactionItems items, Seq<StoredEvent> existing) {
        if (existing.exists(event -> event.append.equals(append.id().value()))) {
            return committed(append, items);
        }
        existing.forEach(event -> heads.remember(event.stream, event.version, event.item.expires()));
        return Either.left(new Conflict(existing.groupBy(StoredEvent::stream)
                .flatMap((stream, events) -> winners(
                                events, append.expected().get(stream).get())
                        .map(winners -> Tuple.of(stream, winners)))));
    }

    /** DynamoDB Local returns the item of another request under load, so only an item with the requested key counts. */
    private static Option<StoredEvent> existing(PutEvent event, Option<Map<String, AttributeValue>> returned) {
        return returned.map(Item::new)
                .filter(item -> item.has("pk") && item.has("sk"))
                .filter(item -> item.text("pk").equals(event.key().pk())
                        && item.text("sk").equals(event.key().sk()))
                .map(item -> StoredEvent.of(event, item));
    }

    private Option<StoredEvent> readExisting(PutEvent event) {
        Range one = Range.of(tables.stream(event.stream())).versions(event.version(), event.version());
        return queries.items(one, Consistency.STRICT).headOption().map(item -> StoredEvent.of(event, item));
    }

    /** The events from the expected version on, as far as they are known without a gap. */
    private static Option<Seq<ChatEvent>> winners(Seq<StoredEvent> events, long expected) {
        Seq<ChatEvent> winners = events.sortBy(StoredEvent::version)
                .zipWithIndex()
                .takeWhile(event -> event._1.version == expected + 1 + event._2)
                .map(event -> EventItems.event(event._1.item));
        return winners.isEmpty() ? Option.none() : Option.some(winners);
    }

    private String unknownOutcome(Append append, String reason) {
        return "it is unknown whether the append to " + streams(append) + " was stored: " + reason;
    }

    private String streams(Append append) {
        return append.expected().keySet().map(tables::stream).mkString(", ");
    }

    /**
     * An event item that exists where an append wanted to write.
     *
     * @param append the id of the append that wrote it
     */
    private record StoredEvent(StreamId stream, long version, String append, Item item) {

        static StoredEvent of(PutEvent wanted, Item item) {
            return new StoredEvent(wanted.stream(), wanted.version(), item.text("append"), item);
        }
    }
}
