package dev.chatlab.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.Disconnect;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.EventStore.Consistency;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
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
 * What is past its time does no harm, whether it is there still or not: DynamoDB deletes it late, and in any order. Here the
 * clock is the test's, and so is the broom.
 */
class ExpiryTest {

    private static final RoomName HALL = new RoomName("hall");
    private static final Duration RETENTION = Duration.ofDays(30);

    private final Tables tables = Engine.tables();
    private Instant now = Instant.parse("2030-01-01T12:00:00Z");
    private final DynamoDbChatStore store = new DynamoDbChatStore(Engine.client(), tables, RETENTION, () -> now);
    private final ChatService chat = new ChatService(store, (event, recipients) -> io.vavr.collection.HashMap.empty());

    @Test
    void aRoomInWhichNothingHappensForSoLongIsOverAndItsNumbersGoOn() {
        annAndBenTalk();
        pass(RETENTION.plusMinutes(1));
        enter("cat");

        assertThat(chat.handle(new JoinRoom(id("cat"), HALL, now)))
                .isEqualTo(new Reply.Rejected(new Rejection.NoSuchRoom(HALL)));
        given(new CreateRoom(id("cat"), HALL, now), say("cat", "anybody here?"));

        assertThat(hall().created()).isEqualTo(5);
        assertThat(hall().roster()).containsExactly(new UserName("cat"));
        assertThat(said()).containsExactly("anybody here?");
    }

    @Test
    void aRoomThatIsTalkedInIsNot() {
        annAndBenTalk();
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofDays(25));
            sweep(() -> true);
            given(say("ann", "still here " + i));
        }

        assertThat(hall().seq()).isEqualTo(8);
        assertThat(said().last()).isEqualTo("still here 3");
    }

    @Test
    void whoWasInItAndDidNotLeaveIsNotInTheNextOne() {
        annAndBenTalk();
        pass(RETENTION.plusMinutes(1));
        enter("cat");
        given(new CreateRoom(id("cat"), HALL, now));

        // Nobody could tell that the two were gone; now one of them is found to be.
        given(new Disconnect(id("ben"), now), say("cat", "hello"));

        assertThat(hall().roster()).containsExactly(new UserName("cat"));
    }

    /** Everybody was lost without a word, and of the room only the roster is left, which does not expire. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoWasInItAndDidNotLeaveIsNotInTheNextOneWhateverIsDeletedFirst(int seed) {
        var random = new Random(seed);
        annAndBenTalk();
        Seq<String> people = Vector.of("cat", "dan", "eve");
        for (String person : people) {
            pass(Duration.ofDays(61));
            sweep(random::nextBoolean);
            enter(person);
            given(new CreateRoom(id(person), HALL, now), say(person, "I am " + person));

            assertThat(hall().roster()).containsExactly(new UserName(person));
            assertThat(said()).containsExactly("I am " + person);
            assertThat(store.read(StreamId.of(HALL), hall().created() - 1)).hasSize(2);
        }
    }

    @Test
    void norWhenAllElseIsGone() {
        annAndBenTalk();
        pass(Duration.ofDays(61));
        sweep(() -> true);
        enter("cat");
        given(new CreateRoom(id("cat"), HALL, now), new Disconnect(id("ben"), now), say("cat", "hello"));

        assertThat(hall().roster()).containsExactly(new UserName("cat"));
        assertThat(said()).containsExactly("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsDeletedFirstLifeGoesOn(int seed) {
        var random = new Random(seed);
        annAndBenTalk();
        given(new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));
        for (int life = 1; life <= 3; life++) {
            pass(Duration.ofDays(61));
            sweep(random::nextBoolean);
            annAndBenTalk();
            assertThat(hall().roster().map(UserName::value)).containsExactly("ann", "ben");
            assertThat(said()).containsExactly("Good morning", "Hello");
            assertThat(store.read(StreamId.of(HALL), hall().created() - 1)).hasSize(4);
            given(new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));
        }
        assertThat(store.openRooms()).isEmpty();
        assertThat(store.registered()).isEmpty();
    }

    @Test
    void aNameThatNobodyGaveBackIsFreeAtLast() {
        annAndBenTalk();
        pass(RETENTION.multipliedBy(2).plusMinutes(1));
        given(new Connect(id("another"), now));

        assertThat(chat.handle(new RegisterUser(id("another"), new UserName("ann"), key("another"), now)))
                .isInstanceOfSatisfying(
                        Reply.Accepted.class,
                        reply -> assertThat(reply.events()).hasOnlyElementsOfType(ChatEvent.UserRegistered.class));
    }

    @Test
    void theListsDoNotShowWhatIsPastItsTimeAndStillThere() {
        annAndBenTalk();
        pass(ChatPolicy.DEFAULT.connectionLifetime());
        assertThat(store.registered()).isEmpty();
        assertThat(store.openRooms()).containsExactly(HALL);

        pass(RETENTION.multipliedBy(2));
        assertThat(store.openRooms()).isEmpty();
    }

    @Test
    void nothingIsDeletedThatMayStillBeNeededNorBeforeWhatItFollows() {
        annAndBenTalk();
        pass(Duration.ofMinutes(10));
        given(say("ben", "are you there?"), new Disconnect(id("ann"), now), new Disconnect(id("ben"), now));

        Vector<Map<String, AttributeValue>> events = items().filter(item -> item.containsKey("type"));
        assertThat(events.groupBy(item -> text(item, "pk"))).hasSize(5);
        for (Vector<Map<String, AttributeValue>> stream :
                events.groupBy(item -> text(item, "pk")).values()) {
            Vector<Map<String, AttributeValue>> inOrder = stream.sortBy(item -> text(item, "sk"));
            assertThat(inOrder.map(ExpiryTest::expires).asJava()).isSorted();
            assertThat(inOrder)
                    .allSatisfy(item -> assertThat(expires(item))
                            .isAfter(Instant.parse(text(item, "at")).plus(ChatPolicy.DEFAULT.connectionLifetime())));
        }
    }

    // --- people ---

    private void annAndBenTalk() {
        enter("ann");
        enter("ben");
        given(
                new CreateRoom(id("ann"), HALL, now),
                new JoinRoom(id("ben"), HALL, now),
                say("ann", "Good morning"),
                say("ben", "Hello"));
    }

    private void enter(String name) {
        given(new Connect(id(name), now), new RegisterUser(id(name), new UserName(name), key(name), now));
    }

    private SendMessage say(String name, String text) {
        return new SendMessage(id(name), Option.some(HALL), new MessageText(text), Option.none(), now);
    }

    private static ConnectionId id(String name) {
        return new ConnectionId(name);
    }

    private static ResumeKey key(String name) {
        return new ResumeKey("the-key-of-person-" + name);
    }

    private void given(ChatCommand... commands) {
        for (ChatCommand command : commands) {
            assertThat(chat.handle(command)).as("%s", command).isInstanceOf(Reply.Accepted.class);
        }
    }

    private Room.Open hall() {
        return store.load(HashSet.of(StreamId.of(HALL)), Consistency.STRICT)
                .chat()
                .open(HALL)
                .get();
    }

    private Seq<String> said() {
        return store.after(0, hall(), 100)
                .messages()
                .map(message -> message.text().value());
    }

    // --- time ---

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** Of what is past its time, deletes what it happens to find. */
    private void sweep(BooleanSupplier finds) {
        for (String table : Vector.of(tables.clientRecords(), tables.roomMessagesUsers())) {
            items(table)
                    .filter(item ->
                            item.containsKey("expires") && !expires(item).isAfter(now) && finds.getAsBoolean())
                    .forEach(item -> Engine.client()
                            .deleteItem(delete -> delete.tableName(table)
                                    .key(Map.of(
                                            "pk", AttributeValue.fromS(text(item, "pk")),
                                            "sk", AttributeValue.fromS(text(item, "sk"))))));
        }
    }

    private Vector<Map<String, AttributeValue>> items() {
        return items(tables.clientRecords()).appendAll(items(tables.roomMessagesUsers()));
    }

    private static Vector<Map<String, AttributeValue>> items(String table) {
        return Vector.ofAll(
                Engine.client().scanPaginator(scan -> scan.tableName(table)).items());
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return new Item(item).text(name);
    }

    private static Instant expires(Map<String, AttributeValue> item) {
        return new Item(item).expires();
    }
}
