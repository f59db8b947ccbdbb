package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.Disconnect;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.ReadModels.RegisteredUser;
import dev.chatlab.ports.StoreException;
import dev.chatlab.ports.codec.UnknownEventTypeException;
import dev.chatlab.testkit.Scenario;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The layout of stored items. {@code items-v1.json} contains the items of a conversation in layout version 1, and must stay readable
 * after a release.
 */
class StoredItemsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final ConnectionId ANN = new ConnectionId("ann-connection=");
    private static final ConnectionId BOB = new ConnectionId("bob-connection=");
    private static final RoomName HALL = new RoomName("hall");
    private static final StreamId ROOM = StreamId.of(HALL);
    private static final RoomName ATTIC = new RoomName("attic");
    private static final SendMessage GOOD_MORNING = new SendMessage(
            ANN, Option.none(), new MessageText("Good morning"), Option.some(new ClientMessageId("m-1")), NOW);

    private static final Seq<ChatCommand> CONVERSATION = Vector.of(
            new Connect(ANN, NOW),
            new Connect(BOB, NOW),
            new RegisterUser(ANN, new UserName("ann"), new ResumeKey("the-key-that-ann-was-given"), NOW),
            new RegisterUser(BOB, new UserName("bob"), new ResumeKey("the-key-that-bob-was-given"), NOW),
            new CreateRoom(ANN, HALL, NOW),
            new JoinRoom(BOB, HALL, NOW),
            GOOD_MORNING,
            new SendMessage(BOB, Option.some(HALL), new MessageText("Hello"), Option.none(), NOW),
            new CreateRoom(ANN, ATTIC, NOW),
            new LeaveRoom(ANN, Option.some(ATTIC), NOW),
            new Disconnect(BOB, NOW));

    private final Tables tables = TestDynamoDb.tables();
    private final DynamoDbChatStore store = TestDynamoDb.store(TestDynamoDb.client(), tables, InstantSource.fixed(NOW));

    // --- layout version 1 ---

    @Test
    void eventsAndStatesOfVersion1AreRead() throws Exception {
        load("/items-v1.json");

        Seq<ChatEvent> events = events();
        assertThat(events.map(ChatEvent::getClass).distinct()).hasSize(8);
        for (StreamId stream : events.flatMap(ChatEvent::streams).distinct()) {
            assertThat(store.read(stream, 0))
                    .isEqualTo(events.filter(event -> event.streams().contains(stream)));
            assertThat(store.load(HashSet.of(stream), Consistency.STRICT).chat())
                    .isEqualTo(scenario().chat().slice(HashSet.of(stream)));
        }
        assertThat(store.openRooms()).containsExactly(HALL);
        assertThat(store.registered().map(registered -> registered.user().value()))
                .containsExactly("ann");
    }

    @Test
    void commandsContinueAStoreOfVersion1() throws Exception {
        load("/items-v1.json");
        var chat = new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty());

        Reply repeated = chat.handle(GOOD_MORNING);
        Reply next =
                chat.handle(new SendMessage(ANN, Option.none(), new MessageText("Still here"), Option.none(), NOW));

        assertThat(repeated)
                .isInstanceOfSatisfying(
                        Reply.Accepted.class,
                        reply -> assertThat(reply.events()).isEmpty());
        assertThat(next).isInstanceOf(Reply.Accepted.class);
        assertThat(store.read(ROOM, 5)).hasSize(1);
    }

    @Test
    void itemsAreWrittenInVersion1() throws Exception {
        load("/items-v1.json");
        Tables written = TestDynamoDb.tables();
        var chat = new ChatService(
                TestDynamoDb.store(TestDynamoDb.client(), written, InstantSource.fixed(NOW)),
                (event, recipients) -> io.vavr.collection.HashMap.empty());

        CONVERSATION.forEach(
                command -> assertThat(chat.handle(command)).as("%s", command).isInstanceOf(Reply.Accepted.class));

        assertThat(itemsWithoutAppendId(written.clientRecords()))
                .containsExactlyInAnyOrderElementsOf(itemsWithoutAppendId(tables.clientRecords()));
        assertThat(itemsWithoutAppendId(written.roomMessagesUsers()))
                .containsExactlyInAnyOrderElementsOf(itemsWithoutAppendId(tables.roomMessagesUsers()));
    }

    @Test
    void storedNamesAreReadAlsoIfTheyBreakTheLimitsOfInput() {
        put(ROOM, event().with("connection", " "));
        put(tables.openRooms().at(" hall"), Item.EMPTY.expiring(NOW.plusSeconds(1)));
        put(tables.online().at("a\nnn"), Item.EMPTY.with("connection", "").expiring(NOW.plusSeconds(1)));

        assertThat(store.read(ROOM, 0))
                .singleElement()
                .isInstanceOfSatisfying(
                        RoomCreated.class,
                        created -> assertThat(created.connection()).isEqualTo(new ConnectionId(" ")));
        assertThat(store.openRooms()).containsExactly(new RoomName(" hall"));
        assertThat(store.registered()).containsExactly(new RegisteredUser(new UserName("a\nnn"), new ConnectionId("")));
    }

    @Test
    void unknownAttributesAreIgnored() {
        put(
                ROOM,
                event().with("mood", "bright")
                        .with("level", AttributeValue.fromN("1.5"))
                        .with("tags", AttributeValue.fromL(List.of())));

        assertThat(store.read(ROOM, 0)).containsExactly(created());
    }

    // --- other layouts ---

    @Test
    void eventOfANewerSchemaVersionIsNotRead() {
        put(ROOM, event().with("v", 2));

        assertRefused(
                () -> store.read(ROOM, 0),
                "room/hall 0000000000000001",
                "an event has schema version 2, and this program reads versions up to 1: a newer program wrote it");
    }

    @Test
    void snapshotOfANewerSchemaVersionIsNotRead() throws Exception {
        load("/items-v1.json");
        put(tables.stream(ROOM).at(6), event().with("v", 2));

        assertRefused(
                () -> store.load(HashSet.of(ROOM), Consistency.STALE),
                "room/hall 0000000000000006",
                "an event has schema version 2, and this program reads versions up to 1: a newer program wrote it");
    }

    @Test
    void unknownEventTypeIsNamed() {
        put(ROOM, event().with("type", "RoomPainted"));

        assertRefused(() -> store.read(ROOM, 0), "room/hall 0000000000000001", "unknown event type RoomPainted");
        assertThatThrownBy(() -> store.read(ROOM, 0)).hasCauseInstanceOf(UnknownEventTypeException.class);
    }

    @Test
    void eventWithAWrongFieldIsNotRead() {
        put(ROOM, event().with("at", "yesterday"));

        assertRefused(
                () -> store.read(ROOM, 0), "room/hall 0000000000000001", "field at is not an ISO-8601 time: yesterday");
    }

    private static Stream<Arguments> headsOfOtherLayouts() {
        return Stream.of(
                Arguments.of(without("v", event()), "field v is missing"),
                Arguments.of(event().with("v", "one"), "field v is not a whole number of at most 64 bits"),
                Arguments.of(
                        event().with("v", AttributeValue.fromN("1.5")),
                        "field v is not a whole number of at most 64 bits"),
                Arguments.of(without("expires", event()), "attribute expires is missing"),
                Arguments.of(event().with("expires", "later"), "attribute expires is not a whole number"),
                Arguments.of(event().with("state", Item.EMPTY), "attribute created is missing"),
                Arguments.of(event().with("state", "open"), "attribute created is missing"),
                Arguments.of(event().with("state", Item.EMPTY.with("created", 1)), "attribute roster is missing"),
                Arguments.of(
                        event().with(
                                        "state",
                                        Item.EMPTY
                                                .with("created", 1)
                                                .with("roster", "0000000000000000")
                                                .with("recent", 1)),
                        "field recent is not binary or base64"));
    }

    @ParameterizedTest
    @MethodSource("headsOfOtherLayouts")
    void roomOfAnotherLayoutIsNotRead(Item head, String reason) {
        put(ROOM, head);

        assertRefused(() -> store.load(HashSet.of(ROOM), Consistency.STRICT), "room/hall 0000000000000001", reason);
    }

    @Test
    void sessionAndReservationOfAnotherLayoutAreNotRead() {
        StreamId session = StreamId.of(ANN);
        StreamId reservation = StreamId.of(new UserName("ann"));
        Item foreign = event().with("state", Item.EMPTY.with("connection", "a"));
        put(session, foreign);
        put(reservation, foreign);

        assertRefused(
                () -> store.load(HashSet.of(session), Consistency.STALE),
                "connection/ann-connection= 0000000000000001",
                "field connectedAt is missing");
        assertRefused(
                () -> store.load(HashSet.of(reservation), Consistency.STALE),
                "user/ann 0000000000000001",
                "field key is missing");
    }

    @Test
    void sortKeyThatIsNotAVersionIsNotRead() {
        put(tables.stream(ROOM).at("remember the milk"), event());

        assertRefused(
                () -> store.load(HashSet.of(ROOM), Consistency.STALE),
                "room/hall remember the milk",
                "attribute sk is not a whole number");
    }

    @Test
    void rosterOfAnotherLayoutIsNotRead() throws Exception {
        load("/items-v1.json");
        put(tables.roster(HALL).at("ann-connection="), Item.EMPTY.with("user", "ann"));

        assertRefused(
                () -> store.load(HashSet.of(ROOM), Consistency.STALE),
                "roster/hall ann-connection=",
                "field joined is missing");
    }

    @Test
    void listsOfAnotherLayoutAreNotRead() {
        put(tables.openRooms().at("hall"), Item.EMPTY);
        put(tables.online().at("ann"), Item.EMPTY.expiring(NOW.plusSeconds(1)));

        assertRefused(store::openRooms, "open-rooms hall", "attribute expires is missing");
        assertRefused(store::registered, "online ann", "attribute connection is missing");
    }

    @Test
    void conflictWithAnItemOfAnotherLayoutNamesTheItem() {
        put(StreamId.of(ANN), without("append", event()));
        var connected = new ChatEvent.Connected(ANN, Option.none(), NOW);
        var append = new Append(
                Append.Id.random(),
                io.vavr.collection.HashMap.of(StreamId.of(ANN), 0L),
                Chat.EMPTY,
                Vector.of(connected));

        assertRefused(
                () -> store.append(append),
                "connection/ann-connection= 0000000000000001",
                "attribute append is missing");
    }

    private static void assertRefused(ThrowingCallable read, String item, String reason) {
        assertThatThrownBy(read)
                .isExactlyInstanceOf(StoreException.class)
                .hasMessage("item " + item + " has a layout that this program cannot read: " + reason);
    }

    // --- items ---

    private static RoomCreated created() {
        return new RoomCreated(HALL, 1, ANN, new UserName("ann"), NOW);
    }

    /** The item of the event that created the room, without a snapshot. */
    private static Item event() {
        return EventItems.item(created()).with("append", "an-append").expiring(NOW.plus(Duration.ofDays(30)));
    }

    private static Item without(String attribute, Item item) {
        var fewer = new LinkedHashMap<>(item.attributes());
        assertThat(fewer.remove(attribute)).isNotNull();
        return new Item(fewer);
    }

    private static List<Item> itemsWithoutAppendId(String table) {
        return TestDynamoDb.client().scanPaginator(scan -> scan.tableName(table)).items().stream()
                .map(Item::new)
                .map(item -> item.has("append") ? without("append", item) : item)
                .toList();
    }

    private void put(StreamId stream, Item item) {
        put(tables.stream(stream).at(1), item);
    }

    private static void put(Tables.ItemKey key, Item item) {
        Item keyed = item.with("pk", key.pk()).with("sk", key.sk());
        TestDynamoDb.client().putItem(put -> put.tableName(key.table()).item(keyed.attributes()));
    }

    private static Scenario scenario() {
        return CONVERSATION.foldLeft(Scenario.empty(ChatPolicy.DEFAULT, NOW), Scenario::after);
    }

    private static Seq<ChatEvent> events() {
        Vector<ChatEvent> events = Vector.empty();
        Scenario scenario = Scenario.empty(ChatPolicy.DEFAULT, NOW);
        for (ChatCommand command : CONVERSATION) {
            events = events.appendAll(scenario.decide(command).get());
            scenario = scenario.after(command);
        }
        return events;
    }

    /** Puts the items of a file, which is the body of a {@code BatchWriteItem} request. */
    private void load(String resource) throws IOException, InterruptedException {
        String request;
        try (var file = Objects.requireNonNull(getClass().getResourceAsStream(resource))) {
            request = new String(file.readAllBytes(), UTF_8)
                    .replace("\"client-records\"", '"' + tables.clientRecords() + '"')
                    .replace("\"room-messages-users\"", '"' + tables.roomMessagesUsers() + '"');
        }
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(
                    HttpRequest.newBuilder(TestDynamoDb.endpoint())
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .header("X-Amz-Target", "DynamoDB_20120810.BatchWriteItem")
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=local/20261124/us-east-1/dynamodb/aws4_request,"
                                            + " SignedHeaders=host, Signature=none")
                            .POST(BodyPublishers.ofString(request))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("{\"UnprocessedItems\":{}}");
        }
    }
}
