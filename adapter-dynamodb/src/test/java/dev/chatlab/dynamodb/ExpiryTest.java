package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Committed;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Expired states and items. DynamoDB deletes expired items late and in any order, so a test deletes a random part of them. The test
 * sets the clock.
 */
class ExpiryTest {

    private static final RoomName HALL = new RoomName("hall");
    private static final StreamId ROOM = StreamId.of(HALL);
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration SHORT_RETENTION = Duration.ofDays(7);

    private final Tables tables = TestDynamoDb.tables();
    private Instant now = Instant.parse("2030-01-01T12:00:00Z");
    private DynamoDbChatStore store = store(RETENTION);
    private ChatService chat = service(store);

    // --- rooms ---

    @Test
    void roomWithoutEventsForTheRetentionIsClosedAndItsVersionsContinue() {
        annAndBenChat();
        pass(RETENTION.plusMinutes(1));
        register("cat");

        assertThat(chat.handle(new JoinRoom(id("cat"), HALL, now)))
                .isEqualTo(new Reply.Rejected(new Rejection.NoSuchRoom(HALL)));
        given(new CreateRoom(id("cat"), HALL, now), say("cat", "Is anyone here?"));

        assertThat(hall().created()).isEqualTo(5);
        assertThat(hall().roster()).containsExactly(new UserName("cat"));
        assertThat(messages()).containsExactly("Is anyone here?");
    }

    @Test
    void roomWithNewMessagesStaysOpen() {
        annAndBenChat();
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofDays(25));
            deleteExpired(() -> true);
            given(say("ann", "still here " + i));
        }

        assertThat(hall().seq()).isEqualTo(8);
        assertThat(messages().last()).isEqualTo("still here 3");
    }

    // --- stale members: they joined an earlier life of the room and never left ---

    @Test
    void staleMembersAreNotInTheNextLifeOfTheRoom() {
        annAndBenChat();
        pass(RETENTION.plusMinutes(1));
        register("cat");
        given(new CreateRoom(id("cat"), HALL, now));

        given(new Disconnect(id("ben"), now), say("cat", "hello"));

        assertThat(hall().roster()).containsExactly(new UserName("cat"));
    }

    @Test
    void staleMembersAreNotInTheNextLifeOfTheRoomIfAllEventsAreDeleted() {
        annAndBenChat();
        pass(Duration.ofDays(61));
        deleteExpired(() -> true);
        register("cat");
        given(new CreateRoom(id("cat"), HALL, now), new Disconnect(id("ben"), now), say("cat", "hello"));

        assertThat(hall().roster()).containsExactly(new UserName("cat"));
        assertThat(messages()).containsExactly("hello");
    }

    /** Roster items do not expire, so several lives of the room leave stale members. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void staleMembersAreNotInTheNextLifeOfTheRoomWhateverIsDeletedFirst(int seed) {
        var random = new Random(seed);
        annAndBenChat();
        for (String user : Vector.of("cat", "dan", "eve")) {
            pass(Duration.ofDays(61));
            deleteExpired(random::nextBoolean);
            register(user);
            given(new CreateRoom(id(user), HALL, now), say(user, "I am " + user));

            assertThat(hall().roster()).containsExactly(new UserName(user));
            assertThat(messages()).containsExactly("I am " + user);
            assertThat(store.read(ROOM, hall().created() - 1)).hasSize(2);
        }
    }

    // --- all streams ---

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void conversationsContinueWhateverIsDeletedFirst(int seed) {
        var random = new Random(seed);
        annAndBenChat();
        given(new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));
        for (int life = 1; life <= 3; life++) {
            pass(Duration.ofDays(61));
            deleteExpired(random::nextBoolean);
            annAndBenChat();
            assertThat(hall().roster().map(UserName::value)).containsExactly("ann", "ben");
            assertThat(messages()).containsExactly("Good morning", "Hello");
            assertThat(store.read(ROOM, hall().created() - 1)).hasSize(4);
            given(new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));
        }
        assertThat(store.openRooms()).isEmpty();
        assertThat(store.registered()).isEmpty();
    }

    @Test
    void nameReservationWithoutDisconnectExpires() {
        annAndBenChat();
        pass(RETENTION.multipliedBy(2).plusMinutes(1));
        given(new Connect(id("another"), now));

        assertThat(chat.handle(new RegisterUser(id("another"), new UserName("ann"), key("another"), now)))
                .isInstanceOfSatisfying(
                        Reply.Accepted.class,
                        reply -> assertThat(reply.events()).hasOnlyElementsOfType(ChatEvent.UserRegistered.class));
    }

    @Test
    void listsLeaveOutExpiredEntriesThatAreNotDeletedYet() {
        annAndBenChat();
        pass(ChatPolicy.DEFAULT.connectionLifetime());
        assertThat(store.registered()).isEmpty();
        assertThat(store.openRooms()).containsExactly(HALL);

        pass(RETENTION.multipliedBy(2));
        assertThat(store.openRooms()).isEmpty();
    }

    @Test
    void eventExpiresAfterTheConnectionLifetimeAndNotBeforeThePreviousEvent() {
        annAndBenChat();
        pass(Duration.ofMinutes(10));
        given(say("ben", "are you there?"), new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));

        assertThat(eventsByStream()).hasSize(5);
        assertThatNoEventExpiresBeforeThePreviousOne();
        assertThat(items().filter(item -> item.has("type")))
                .allSatisfy(item -> assertThat(item.expires())
                        .isAfter(item.instant("at").plus(ChatPolicy.DEFAULT.connectionLifetime())));
    }

    // --- a changed retention ---

    @Test
    void noEventExpiresBeforeThePreviousOneAfterTheRetentionWasShortened() {
        annAndBenChat();
        openWith(SHORT_RETENTION);
        pass(Duration.ofDays(1));
        given(
                say("ben", "are you there?"),
                say("ben", "hello?"),
                new LeaveRoom(id("ben"), Option.some(HALL), now),
                new JoinRoom(id("ben"), HALL, now));
        Instant listed =
                items().find(item -> item.text("pk").equals("open-rooms")).get().expires();
        Instant roomExpires = eventsByStream().get(ROOM.toString()).get().last().expires();
        given(new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));

        assertThat(eventsByStream()).hasSize(5);
        assertThatNoEventExpiresBeforeThePreviousOne();
        assertThat(listed).isAfterOrEqualTo(roomExpires);
    }

    @Test
    void newEventsExpireByTheShortenedRetentionOnceTheOlderEventsExpireFirst() {
        annAndBenChat();
        openWith(SHORT_RETENTION);
        pass(Duration.ofDays(25));
        given(say("ben", "still here"));

        assertThat(eventsByStream().get(ROOM.toString()).get().last().expires())
                .isEqualTo(new Retention(SHORT_RETENTION).expiry(ROOM, now));
        assertThatNoEventExpiresBeforeThePreviousOne();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void roomThatWasClosedAfterTheRetentionWasShortenedStaysClosed(boolean lengthenedAgain) {
        annAndBenChat();
        openWith(SHORT_RETENTION);
        given(new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));
        if (lengthenedAgain) {
            openWith(RETENTION);
        }
        pass(Duration.ofDays(10));
        deleteExpired(() -> true);
        register("cat");

        assertThat(chat.handle(new JoinRoom(id("cat"), HALL, now)))
                .isEqualTo(new Reply.Rejected(new Rejection.NoSuchRoom(HALL)));
        given(new CreateRoom(id("cat"), HALL, now), say("cat", "hello"));
        assertThat(hall().roster()).containsExactly(new UserName("cat"));
        assertThat(messages()).containsExactly("hello");
    }

    @Test
    void eventAfterAConflictDoesNotExpireBeforeTheWinner() {
        annAndBenChat();
        openWith(SHORT_RETENTION);
        var before = store.load(HashSet.of(ROOM), Consistency.STRICT);
        long version = before.versions().get(ROOM).get();
        pass(Duration.ofDays(1));
        assertThat(service(store(RETENTION)).handle(say("ben", "first"))).isInstanceOf(Reply.Accepted.class);

        Conflict conflict = append(before.chat(), version, "second").getLeft();
        Chat after = before.chat().evolve(conflict.winners().get(ROOM).get());

        assertThat(append(after, version + 1, "second").isRight()).isTrue();
        assertThatNoEventExpiresBeforeThePreviousOne();
    }

    @Test
    void eventAfterARepeatedReadDoesNotExpireBeforeTheEventsRead() {
        annAndBenChat();
        openWith(SHORT_RETENTION);
        var before = store.load(HashSet.of(ROOM), Consistency.STRICT);
        long version = before.versions().get(ROOM).get();
        pass(Duration.ofDays(1));
        assertThat(service(store(RETENTION)).handle(say("ben", "first"))).isInstanceOf(Reply.Accepted.class);

        Chat after = before.chat().evolve(store.read(ROOM, version));

        assertThat(append(after, version + 1, "second").isRight()).isTrue();
        assertThatNoEventExpiresBeforeThePreviousOne();
    }

    @Test
    void staleMembersAreNotInTheNextLifeOfTheRoomAfterTheRetentionWasLengthened() {
        openWith(SHORT_RETENTION);
        annAndBenChat();
        pass(SHORT_RETENTION.plusDays(1));
        deleteExpired(() -> true);
        openWith(RETENTION);
        register("cat");
        given(new CreateRoom(id("cat"), HALL, now), say("cat", "hello"));

        assertThat(hall().roster()).containsExactly(new UserName("cat"));
        assertThat(messages()).containsExactly("hello");
    }

    // --- clients ---

    private void annAndBenChat() {
        register("ann");
        register("ben");
        given(
                new CreateRoom(id("ann"), HALL, now),
                new JoinRoom(id("ben"), HALL, now),
                say("ann", "Good morning"),
                say("ben", "Hello"));
    }

    private void register(String name) {
        given(new Connect(id(name), now), new RegisterUser(id(name), new UserName(name), key(name), now));
    }

    private SendMessage say(String name, String text) {
        return new SendMessage(id(name), Option.some(HALL), new MessageText(text), Option.none(), now);
    }

    private static ConnectionId id(String name) {
        return new ConnectionId(name);
    }

    private static ResumeKey key(String name) {
        return new ResumeKey("the-key-of-client-" + name);
    }

    private void given(ChatCommand... commands) {
        for (ChatCommand command : commands) {
            assertThat(chat.handle(command)).as("%s", command).isInstanceOf(Reply.Accepted.class);
        }
    }

    // --- store ---

    private DynamoDbChatStore store(Duration retention) {
        return new DynamoDbChatStore(TestDynamoDb.client(), tables, retention, () -> now);
    }

    private static ChatService service(ChatStore store) {
        return new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty());
    }

    /** Opens the same tables with another retention, as a handler does after the setting was changed. */
    private void openWith(Duration retention) {
        store = store(retention);
        chat = service(store);
    }

    /** Appends a message of ben at a version of the room. */
    private Either<Conflict, Committed> append(Chat before, long version, String text) {
        var message = new MessageSent(
                HALL, 1, version + 1, id("ben"), new UserName("ben"), new MessageText(text), Option.none(), now);
        return store.append(new Append(
                Append.Id.random(), io.vavr.collection.HashMap.of(ROOM, version), before, Vector.of(message)));
    }

    private Room.Open hall() {
        return store.load(HashSet.of(ROOM), Consistency.STRICT)
                .chat()
                .open(HALL)
                .get();
    }

    private Seq<String> messages() {
        return store.after(0, hall(), 100)
                .messages()
                .map(message -> message.text().value());
    }

    // --- time and items ---

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** Deletes the expired items that the choice selects. */
    private void deleteExpired(BooleanSupplier choice) {
        for (String table : Vector.of(tables.clientRecords(), tables.roomMessagesUsers())) {
            items(table)
                    .filter(item -> item.has("expires") && !item.expires().isAfter(now) && choice.getAsBoolean())
                    .forEach(item -> TestDynamoDb.client()
                            .deleteItem(delete -> delete.tableName(table)
                                    .key(Map.of(
                                            "pk", AttributeValue.fromS(item.text("pk")),
                                            "sk", AttributeValue.fromS(item.text("sk"))))));
        }
    }

    private void assertThatNoEventExpiresBeforeThePreviousOne() {
        eventsByStream()
                .forEach(
                        (stream, events) -> assertThat(events.map(Item::expires).asJava())
                                .as(stream)
                                .isSorted());
    }

    private io.vavr.collection.Map<String, Vector<Item>> eventsByStream() {
        return items().filter(item -> item.has("type"))
                .sortBy(item -> item.text("sk"))
                .groupBy(item -> item.text("pk"));
    }

    private Vector<Item> items() {
        return items(tables.clientRecords()).appendAll(items(tables.roomMessagesUsers()));
    }

    private static Vector<Item> items(String table) {
        return Vector.ofAll(TestDynamoDb.client()
                        .scanPaginator(scan -> scan.tableName(table))
                        .items())
                .map(Item::new);
    }
}
