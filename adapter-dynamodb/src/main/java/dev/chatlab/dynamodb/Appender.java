package dev.chatlab.dynamodb;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.dynamodb.Queries.Range;
import dev.chatlab.dynamodb.Tables.ItemKey;
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
 * Puts events where there are none yet: one alone with a conditional put, several with a transaction.
 *
 * <p>Whoever finds an event there already looks at whose it is: the same append's, of which the answer was lost, or a winner's.
 */
final class Appender {

    private static final String FREE = "attribute_not_exists(pk)";

    /** The longest token that makes a transaction idempotent. */
    private static final int TOKEN = 36;

    private final DynamoDbClient client;
    private final Tables tables;
    private final Queries queries;
    private final Retention retention;

    Appender(DynamoDbClient client, Tables tables, Queries queries, Retention retention) {
        this.client = client;
        this.tables = tables;
        this.queries = queries;
        this.retention = retention;
    }

    Either<Conflict, Committed> append(Append append) {
        TransactionItems writes = TransactionItems.of(append, tables, retention);
        try {
            return writes.all().size() == 1
                    ? put(append, writes, writes.events().head())
                    : transact(append, writes);
        } catch (TransactionConflictException e) {
            return undecided(append, e);
        } catch (SdkException e) {
            String untold = "no telling whether it was appended to " + streams(append) + ": " + Failures.reason(e);
            if (!Failures.lasts(e)) {
                throw new OutcomeUnknownException(untold, e);
            }
            // Where the SDK had tried before, that may have come true.
            throw e.numAttempts() > 1 ? new StoreException(untold, e) : Failures.of("append to", streams(append), e);
        }
    }

    private Either<Conflict, Committed> put(Append append, TransactionItems writes, TransactionItems.OfEvent event) {
        try {
            client.putItem(put -> put.tableName(event.key().table())
                    .item(attributes(event.key(), event.item()))
                    .conditionExpression(FREE)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return committed(append);
        } catch (ConditionalCheckFailedException e) {
            return taken(append, writes, Vector.of(Option.of(e.hasItem() ? e.item() : null)));
        }
    }

    private Either<Conflict, Committed> transact(Append append, TransactionItems writes) {
        var request = TransactWriteItemsRequest.builder()
                .transactItems(writes.all().map(Appender::item).asJava());
        if (append.id().value().length() <= TOKEN) {
            request.clientRequestToken(append.id().value());
        }
        try {
            client.transactWriteItems(request.build());
            return committed(append);
        } catch (TransactionCanceledException e) {
            Seq<CancellationReason> reasons = Vector.ofAll(e.cancellationReasons());
            if (reasons.exists(reason -> "ConditionalCheckFailed".equals(reason.code()))) {
                return taken(
                        append,
                        writes,
                        reasons.take(writes.events().size())
                                .map(reason -> Option.of(reason.hasItem() ? reason.item() : null)));
            }
            if (reasons.exists(reason -> "TransactionConflict".equals(reason.code()))) {
                return undecided(append, e);
            }
            if (reasons.exists(reason -> "ValidationError".equals(reason.code()))) {
                throw new StoreException(
                        "cannot append to " + streams(append) + ": "
                                + reasons.flatMap(reason -> Option.of(reason.message())),
                        e);
            }
            // Throttled, or too much in flight: this call did nothing, but an earlier one may have.
            throw e;
        }
    }

    private static TransactWriteItem item(Write write) {
        return switch (write) {
            case TransactionItems.OfEvent(var stream, var version, var key, var item) ->
                TransactWriteItem.builder()
                        .put(put -> put.tableName(key.table())
                                .item(attributes(key, item))
                                .conditionExpression(FREE)
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

    private static Either<Conflict, Committed> committed(Append append) {
        return Either.right(new Committed(append.versions()));
    }

    /**
     * Another transaction was at one of these items just then, and this one did nothing. But where the SDK had tried before, that
     * other may have been our own.
     */
    private Either<Conflict, Committed> undecided(Append append, SdkException e) {
        if (e.numAttempts() > 1) {
            throw new OutcomeUnknownException("no telling whether it was appended to " + streams(append), e);
        }
        return Either.left(new Conflict(HashMap.empty()));
    }

    /** Somebody's events are there already: whose? */
    private Either<Conflict, Committed> taken(
            Append append, TransactionItems writes, Seq<Option<Map<String, AttributeValue>>> shown) {
        Either<Conflict, Committed> outcome =
                outcome(append, writes.events().zip(shown).flatMap(pair -> found(pair._1, pair._2)));
        boolean told = outcome.fold(Conflict::isFinal, committed -> true);
        return told ? outcome : outcome(append, writes.events().flatMap(this::look));
    }

    private static Either<Conflict, Committed> outcome(Append append, Seq<Found> there) {
        if (there.exists(other -> other.append.equals(append.id().value()))) {
            return committed(append);
        }
        return Either.left(new Conflict(there.groupBy(Found::stream)
                .flatMap((stream, events) -> inOrder(
                                events, append.expected().get(stream).get())
                        .map(winners -> Tuple.of(stream, winners)))));
    }

    /** DynamoDB Local shows the item of another request under load: only one with the key that was asked for counts. */
    private static Option<Found> found(TransactionItems.OfEvent event, Option<Map<String, AttributeValue>> shown) {
        return shown.map(Item::new)
                .filter(item -> item.has("pk") && item.has("sk"))
                .filter(item -> item.text("pk").equals(event.key().pk())
                        && item.text("sk").equals(event.key().sk()))
                .map(item -> Found.of(event, item));
    }

    private Option<Found> look(TransactionItems.OfEvent event) {
        Range one = Range.of(tables.stream(event.stream())).versions(event.version(), event.version());
        return queries.items(one, Consistency.STRICT).headOption().map(item -> Found.of(event, item));
    }

    private static Option<Seq<ChatEvent>> inOrder(Seq<Found> events, long expected) {
        Seq<ChatEvent> winners = events.sortBy(Found::version)
                .zipWithIndex()
                .takeWhile(event -> event._1.version == expected + 1 + event._2)
                .map(event -> event._1.event);
        return winners.isEmpty() ? Option.none() : Option.some(winners);
    }

    private String streams(Append append) {
        return append.expected().keySet().map(tables::stream).mkString(", ");
    }

    /** An event that was there first. */
    private record Found(StreamId stream, long version, String append, ChatEvent event) {

        static Found of(TransactionItems.OfEvent ours, Item item) {
            return new Found(ours.stream(), ours.version(), item.text("append"), EventItems.event(item));
        }
    }
}
