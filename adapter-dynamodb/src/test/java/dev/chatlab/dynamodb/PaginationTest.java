package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.Room.Member;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.EventStore.Consistency;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Reads of more than 1 MB, which DynamoDB returns in several pages. */
class PaginationTest {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final RoomName HALL = new RoomName("hall");
    private static final StreamId ROOM = StreamId.of(HALL);
    private static final ConnectionId ANN = new ConnectionId("ann");

    private final Tables tables = TestDynamoDb.tables();
    private final AtomicInteger laterPages = new AtomicInteger();
    private final DynamoDbChatStore store =
            TestDynamoDb.store(TestDynamoDb.clientWith(new PageCounter(laterPages)), tables, InstantSource.fixed(NOW));

    @Test
    void eventsAndHistoryOfSeveralPagesAreReadCompletely() {
        Vector<ChatEvent> events = Vector.of(new RoomCreated(HALL, 1, ANN, new UserName("ann"), NOW));
        Chat chat = Chat.EMPTY.evolve(events);
        append(Chat.EMPTY, 0, events);
        // The longest text that a client may send: 4,000 code points, here of 4 bytes each.
        for (int i = 1; i <= 140; i++) {
            var message = new MessageSent(
                    HALL,
                    1,
                    i + 1L,
                    ANN,
                    new UserName("ann"),
                    new MessageText("\ud83e\udd80".repeat(4_000)),
                    Option.none(),
                    NOW);
            append(chat, i, Vector.of(message));
            chat = chat.evolve(message);
            events = events.append(message);
        }
        Room.Open hall = chat.open(HALL).get();

        assertThat(store.read(ROOM, 0)).isEqualTo(events);
        assertThat(laterPages.getAndSet(0)).isEqualTo(2);
        assertThat(store.latest(hall, 140).messages()).isEqualTo(events.tail());
        assertThat(laterPages.getAndSet(0)).isPositive();
        assertThat(store.after(1, hall, 139).messages()).isEqualTo(events.tail().init());
        assertThat(store.after(1, hall, 139).more()).isTrue();
        assertThat(laterPages.getAndSet(0)).isPositive();
    }

    @Test
    void rosterOfSeveralPagesIsReadCompletely() {
        var members = Vector.range(1, 2_400)
                .map(i -> Tuple.of(
                        new ConnectionId(i + "\ud83e\udd80".repeat(100)), new Member(new UserName("user " + i), i)));
        Chat chat = Chat.EMPTY.withRooms(
                HashMap.of(HALL, new Room.Open(HALL, 1, 2_400, HashMap.ofEntries(members), Vector.empty())));
        var message = new MessageSent(
                HALL,
                1,
                2_401,
                members.head()._1,
                new UserName("user 1"),
                new MessageText("so many"),
                Option.none(),
                NOW);
        put(members.map(member -> Map.of(
                "pk", AttributeValue.fromS("roster/hall"),
                "sk", AttributeValue.fromS(member._1.value()),
                "user", AttributeValue.fromS(member._2.user().value()),
                "joined", AttributeValue.fromN(Long.toString(member._2.joined())),
                "since", AttributeValue.fromS(NOW.toString()))));
        append(chat, 2_400, Vector.of(message));

        assertThat(store.load(HashSet.of(ROOM), Consistency.STALE).chat()).isEqualTo(chat.evolve(message));
        assertThat(laterPages.get()).isPositive();
    }

    private void append(Chat before, long version, Seq<ChatEvent> events) {
        var expected = Append.streams(events).toMap(stream -> stream, stream -> stream.equals(ROOM) ? version : 0L);
        assertThat(store.append(new Append(Append.Id.random(), expected, before, events))
                        .isRight())
                .isTrue();
    }

    private void put(Seq<Map<String, AttributeValue>> roster) {
        roster.map(item ->
                        WriteRequest.builder().putRequest(put -> put.item(item)).build())
                .grouped(25)
                .forEach(some -> TestDynamoDb.client()
                        .batchWriteItem(
                                batch -> batch.requestItems(Map.of(tables.roomMessagesUsers(), some.asJava()))));
    }

    /** Counts the queries of later pages. */
    private record PageCounter(AtomicInteger count) implements ExecutionInterceptor {
        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof QueryRequest query && query.hasExclusiveStartKey()) {
                count.incrementAndGet();
            }
        }
    }
}
