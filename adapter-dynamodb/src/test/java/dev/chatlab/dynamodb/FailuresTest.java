package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every failure of DynamoDB is an exception whose message names the table, the stream and the reason in one sentence. */
class FailuresTest {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final ConnectionId ANN = new ConnectionId("ann");
    private static final RoomName HALL = new RoomName("hall");
    private static final StreamId ROOM = StreamId.of(HALL);

    private record Answer(int status, String code, String message) {}

    private final AtomicInteger requests = new AtomicInteger();

    /** The first answers of the server, before the answer that it always gives. */
    private final Queue<Answer> firstAnswers = new ConcurrentLinkedQueue<>();

    private Option<HttpServer> server = Option.none();

    @AfterEach
    void stop() {
        server.forEach(running -> running.stop(0));
    }

    // --- failures of DynamoDB Local ---

    @Test
    void missingTableIsNamed() {
        var store = TestDynamoDb.store(
                TestDynamoDb.client(), new Tables("no-clients", "no-rooms"), InstantSource.fixed(NOW));

        assertThatThrownBy(() -> store.load(HashSet.of(ROOM), Consistency.STALE))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageMatching("cannot read (room|roster)/hall in table no-rooms: there is no such table");
        assertThatThrownBy(() -> store.append(connected()))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("cannot append to connection/ann in table no-clients: there is no such table");
        assertThatThrownBy(() -> store.append(created()))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContainingAll(
                        "connection/ann in table no-clients", "room/hall in table no-rooms", "no such table");
        assertThatThrownBy(store::openRooms)
                .hasMessage("cannot read open-rooms in table no-rooms: there is no such table");
    }

    @Test
    void tableWithOtherKeysIsNamed() {
        var tables = new Tables(
                TestDynamoDb.tableWithKeys("clients-by-id", "id", "n"),
                TestDynamoDb.tables().roomMessagesUsers());
        var store = TestDynamoDb.store(TestDynamoDb.client(), tables, InstantSource.fixed(NOW));

        assertThatThrownBy(() -> store.load(HashSet.of(StreamId.of(ANN)), Consistency.STALE))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("cannot read connection/ann in table clients-by-id: ")
                .hasMessageContaining("key");
        assertThatThrownBy(() -> store.append(connected()))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("cannot append to connection/ann in table clients-by-id: ")
                .hasMessageContaining("key");
    }

    @Test
    void tooLargeItemFailsTheAppendAndStoresNothing() {
        var store = TestDynamoDb.store(TestDynamoDb.client(), TestDynamoDb.tables(), InstantSource.fixed(NOW));
        var rooms = Vector.range(0, 15_000).map(i -> new RoomName("a room with a long name, " + i));
        var session = new Session(ANN, NOW, Option.none(), Option.some(new UserName("ann")), rooms.toSet());
        Append small = created();
        Append tooLarge = new Append(
                small.id(), small.expected(), Chat.EMPTY.withSessions(HashMap.of(ANN, session)), small.events());

        assertThatThrownBy(() -> store.append(tooLarge))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContainingAll("connection/ann in table", "room/hall in table", "tem size");
        assertThat(store.read(ROOM, 0)).isEmpty();
    }

    // --- failures that DynamoDB Local does not have, from a server of this test ---

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        AccessDeniedException       | not permitted (User: ann is not authorized)
        ExpiredTokenException       | the credentials have expired
        UnrecognizedClientException | the credentials are not valid
        InvalidSignatureException   | the credentials are not valid
        """)
    void permanentErrorIsNotRepeated(String code, String reason) throws Exception {
        var store = answering(400, code, "User: ann is not authorized");

        assertThatThrownBy(() -> store.load(HashSet.of(StreamId.of(ANN)), Consistency.STALE))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("cannot read connection/ann in table clients: " + reason);
        assertThat(requests.getAndSet(0)).isEqualTo(1);
        assertThatThrownBy(() -> store.append(connected()))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("cannot append to connection/ann in table clients: " + reason);
        assertThat(requests.get()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        400 | ProvisionedThroughputExceededException | DynamoDB is throttling
        400 | ThrottlingException                    | DynamoDB is throttling
        500 | InternalServerError                    | out of order
        """)
    void temporaryErrorIsRepeatedByTheClientAndThenTheOutcomeIsUnknown(int status, String code, String reason)
            throws Exception {
        var store = answering(status, code, "out of order");

        assertThatThrownBy(() -> store.load(HashSet.of(StreamId.of(ANN)), Consistency.STALE))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("cannot read connection/ann in table clients: " + reason);
        assertThat(requests.getAndSet(0)).isGreaterThan(1);
        assertThatThrownBy(() -> store.append(connected()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessage(
                        "it is unknown whether the append to connection/ann in table clients was stored: " + reason);
        assertThat(requests.get()).isGreaterThan(1);
    }

    @Test
    void permanentErrorAfterTemporaryErrorLeavesTheOutcomeUnknown() throws Exception {
        firstAnswers.add(new Answer(500, "InternalServerError", "out of order"));
        var store = answering(400, "ExpiredTokenException", "too late");

        assertThatThrownBy(() -> store.append(connected()))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("it is unknown whether the append to connection/ann in table clients was stored: the"
                        + " credentials have expired");
        assertThat(requests.get()).isEqualTo(2);
    }

    @Test
    void unreachableEndpointIsReported() {
        var store = new DynamoDbProvider().open(environment("http://127.0.0.1:1"));

        assertThatThrownBy(() -> store.load(HashSet.of(StreamId.of(ANN)), Consistency.STALE))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("cannot read connection/ann in table clients: DynamoDB did not answer (");
    }

    /** DynamoDB Local returns the item of another request under load. */
    @Test
    void itemWithAnotherKeyIsNotTakenForAWinner() {
        var tables = TestDynamoDb.tables();
        var store = TestDynamoDb.store(TestDynamoDb.client(), tables, InstantSource.fixed(NOW));
        store.append(created());
        Append again = created();

        var conflict = new DynamoDbChatStore(
                        new MixedUpConflictItems(TestDynamoDb.client()),
                        tables,
                        Retention.DEFAULT.rooms(),
                        InstantSource.fixed(NOW))
                .append(again);

        assertThat(conflict.getLeft().winners().get(ROOM).get()).isEqualTo(store.read(ROOM, 0));
    }

    // --- configuration ---

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        TABLE_CR                  |               | TABLE_CR is not set
        TABLE_RMU                 |               | TABLE_RMU is not set
        AWS_REGION                |               | AWS_REGION is not set
        CHAT_RETENTION_DAYS       | 0             | CHAT_RETENTION_DAYS is 0: not a number of days from 1
        CHAT_RETENTION_DAYS       | a while       | CHAT_RETENTION_DAYS is a while: not a number of days from 1
        CHAT_RETENTION_DAYS       | 999999999999999999 | CHAT_RETENTION_DAYS is 999999999999999999: not a number of days from 1
        AWS_ENDPOINT_URL_DYNAMODB | not a url     | AWS_ENDPOINT_URL_DYNAMODB is not a URL: not a url
        AWS_ENDPOINT_URL_DYNAMODB | localhost     | AWS_ENDPOINT_URL_DYNAMODB is not a URL: localhost
        """)
    void missingOrWrongVariableIsNamed(String variable, String value, String message) {
        Map<String, String> environment = new java.util.HashMap<>(environment("http://127.0.0.1:1"));
        if (value == null) {
            environment.remove(variable);
        } else {
            environment.put(variable, value);
        }

        assertThatThrownBy(() -> new DynamoDbProvider().open(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private ChatStore answering(int status, String code, String message) throws IOException {
        var running = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        running.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            Answer first = firstAnswers.poll();
            Answer answer = first == null ? new Answer(status, code, message) : first;
            byte[] body = """
                    {"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"%s"}""".formatted(answer.code, answer.message).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        running.start();
        server = Option.some(running);
        return new DynamoDbProvider()
                .open(environment("http://127.0.0.1:" + running.getAddress().getPort()));
    }

    private static Map<String, String> environment(String endpoint) {
        return Map.of(
                "TABLE_CR", "clients",
                "TABLE_RMU", "rooms",
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local",
                "AWS_ENDPOINT_URL_DYNAMODB", endpoint);
    }

    private static Append connected() {
        return append(new Connected(ANN, Option.none(), NOW));
    }

    private static Append created() {
        return append(new RoomCreated(HALL, 1, ANN, new UserName("ann"), NOW));
    }

    private static Append append(dev.chatlab.domain.ChatEvent event) {
        return new Append(
                Append.Id.random(),
                event.streams().toSet().toMap(stream -> stream, stream -> 0L),
                Chat.EMPTY,
                Vector.of(event));
    }
}
