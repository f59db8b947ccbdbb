package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.Disconnect;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.StoreException;
import dev.chatlab.testkit.Scenario;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was stored once is still read: {@code items-v1.json} is a conversation as the first version wrote it, and stays as it is. */
class StoredItemsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final ConnectionId ANN = new ConnectionId("ann-connection=");
    private static final ConnectionId BOB = new ConnectionId("bob-connection=");
    private static final RoomName HALL = new RoomName("hall");
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

    private final Tables tables = Engine.tables();
    private final DynamoDbChatStore store = Engine.store(Engine.client(), tables, InstantSource.fixed(NOW));

    @Test
    void everyEventOfTheFirstVersionIsStillThatEvent() throws Exception {
        load("/items-v1.json");

        Seq<ChatEvent> events = events();
        assertThat(events.map(ChatEvent::getClass).distinct()).hasSize(8);
        for (StreamId stream : events.flatMap(ChatEvent::streams).distinct()) {
            assertThat(store.read(stream, 0))
                    .isEqualTo(events.filter(event -> event.streams().contains(stream)));
            assertThat(store.load(io.vavr.collection.HashSet.of(stream), Consistency.STRICT)
                            .chat())
                    .isEqualTo(scenario().chat().slice(io.vavr.collection.HashSet.of(stream)));
        }
        assertThat(store.openRooms()).containsExactly(HALL);
        assertThat(store.registered().map(registered -> registered.user().value()))
                .containsExactly("ann");
    }

    @Test
    void theConversationGoesOn() throws Exception {
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
        assertThat(store.read(StreamId.of(HALL), 5)).hasSize(1);
    }

    @Test
    void whatALaterVersionAddsIsNoTrouble() {
        Item item = EventItems.item(events().head()).with("mood", "bright");

        assertThat(EventItems.event(item)).isEqualTo(events().head());
    }

    @Test
    void whatALaterVersionWroteIsNotGuessedAt() {
        Item item = EventItems.item(events().head()).with("v", 2);

        assertThatThrownBy(() -> EventItems.event(item))
                .isInstanceOf(StoreException.class)
                .hasMessage("an event has schema version 2, and this program reads versions up to 1: a newer program"
                        + " wrote it");
    }

    @Test
    void norIsTheStateThatItCarries() throws Exception {
        load("/items-v1.json");
        put(
                tables.stream(StreamId.of(HALL)).at(6),
                EventItems.item(events().last()).with("v", 2));

        assertThatThrownBy(() -> store.load(io.vavr.collection.HashSet.of(StreamId.of(HALL)), Consistency.STALE))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("an event has schema version 2");
    }

    @Test
    void whatIsNoEventAtAllIsNotTakenForOne() {
        StreamId hall = StreamId.of(HALL);
        put(
                tables.stream(hall).at("remember the milk"),
                EventItems.item(events().head()).expiring(NOW));

        assertThatThrownBy(() -> store.load(io.vavr.collection.HashSet.of(hall), Consistency.STALE))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("attribute sk is not valid: ");
    }

    @Test
    void anItemThatIsNotWhatItShouldBeIsNamed() {
        StreamId hall = StreamId.of(HALL);
        put(hall, EventItems.item(events().head()).with("at", "yesterday"));

        assertThatThrownBy(() -> store.read(hall, 0))
                .isInstanceOf(StoreException.class)
                .hasMessage("field at is not an ISO-8601 time: yesterday (item room/hall 0000000000000001)");
    }

    @Test
    void aNameThatCannotBeOneIsNamedWhereverItStands() {
        StreamId hall = StreamId.of(HALL);
        put(hall, EventItems.item(events().head()).with("connection", " "));
        put(tables.openRooms().at(" hall"), Item.EMPTY.expiring(NOW.plusSeconds(1)));
        put(tables.online().at("ann"), Item.EMPTY.with("connection", "").expiring(NOW.plusSeconds(1)));

        assertThatThrownBy(() -> store.read(hall, 0))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("attribute connection of item room/hall 0000000000000001 is not valid: ");
        assertThatThrownBy(store::openRooms)
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("attribute sk of item open-rooms  hall is not valid: ");
        assertThatThrownBy(store::registered)
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageStartingWith("attribute connection of item online ann is not valid: ");
    }

    @Test
    void whatIsNoEventIsSaidToBeNone() {
        StreamId hall = StreamId.of(HALL);
        put(hall, EventItems.item(events().head()).with("type", "RoomPainted"));

        assertThatThrownBy(() -> store.read(hall, 0))
                .isInstanceOf(StoreException.class)
                .hasMessage("unknown event type RoomPainted (item room/hall 0000000000000001)");
    }

    private void put(StreamId stream, Item item) {
        put(tables.stream(stream).at("0000000000000001"), item);
    }

    private static void put(Tables.ItemKey key, Item item) {
        Item keyed = item.with("pk", key.pk()).with("sk", key.sk());
        Engine.client().putItem(put -> put.tableName(key.table()).item(keyed.attributes()));
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

    /** As it is in the file: a request to put these items. */
    private void load(String resource) throws IOException, InterruptedException {
        String request;
        try (var file = Objects.requireNonNull(getClass().getResourceAsStream(resource))) {
            request = new String(file.readAllBytes(), UTF_8)
                    .replace("\"client-records\"", '"' + tables.clientRecords() + '"')
                    .replace("\"room-messages-users\"", '"' + tables.roomMessagesUsers() + '"');
        }
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(
                    HttpRequest.newBuilder(Engine.endpoint())
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
