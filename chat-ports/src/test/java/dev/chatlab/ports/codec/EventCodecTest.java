package dev.chatlab.ports.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ChatEvent.Disconnected;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatEvent.RoomClosed;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ChatEvent.RoomJoined;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.ChatEvent.UserRegistered;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.StoreException;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored form of each event, and what the codec reads besides it. */
class EventCodecTest {

    private static final EventCodec CODEC = EventCodec.DEFAULT;
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Instant LATER = Instant.parse("2030-01-01T14:15:00.123456789Z");
    private static final ConnectionId CONNECTION = new ConnectionId("c1");
    private static final UserName ANN = new UserName("Ann");
    private static final RoomName HALL = new RoomName("hall");
    private static final MessageSent HELLO = new MessageSent(
            HALL, 4, 9, CONNECTION, ANN, new MessageText("Hello!"), Option.some(new ClientMessageId("m1")), NOON);

    static Stream<Arguments> storedEvents() {
        return Stream.of(
                stored(
                        new Connected(CONNECTION, Option.some(new Identity("eu-west-1:ann")), NOON),
                        Map.of("type", "Connected", "connection", "c1", "identity", "eu-west-1:ann")),
                stored(new Connected(CONNECTION, Option.none(), NOON), Map.of("type", "Connected", "connection", "c1")),
                stored(
                        new UserRegistered(CONNECTION, ANN, new ResumeKey.Digest("0a1b"), LATER, NOON),
                        Map.of(
                                "type", "UserRegistered",
                                "connection", "c1",
                                "user", "Ann",
                                "key", "0a1b",
                                "expiresAt", "2030-01-01T14:15:00.123456789Z")),
                stored(
                        new RoomCreated(HALL, 4, CONNECTION, ANN, NOON),
                        Map.of(
                                "type", "RoomCreated",
                                "room", "hall",
                                "created", 4L,
                                "seq", 4L,
                                "connection", "c1",
                                "user", "Ann")),
                stored(
                        new RoomJoined(HALL, 4, 5, CONNECTION, ANN, NOON),
                        Map.of(
                                "type", "RoomJoined",
                                "room", "hall",
                                "created", 4L,
                                "seq", 5L,
                                "connection", "c1",
                                "user", "Ann")),
                stored(
                        HELLO,
                        Map.of(
                                "type", "MessageSent",
                                "room", "hall",
                                "created", 4L,
                                "seq", 9L,
                                "connection", "c1",
                                "user", "Ann",
                                "text", "Hello!",
                                "id", "m1")),
                stored(
                        HELLO.withId(Option.none()),
                        Map.of(
                                "type", "MessageSent",
                                "room", "hall",
                                "created", 4L,
                                "seq", 9L,
                                "connection", "c1",
                                "user", "Ann",
                                "text", "Hello!")),
                stored(
                        new RoomLeft(HALL, 4, 10, CONNECTION, ANN, NOON),
                        Map.of(
                                "type", "RoomLeft",
                                "room", "hall",
                                "created", 4L,
                                "seq", 10L,
                                "connection", "c1",
                                "user", "Ann")),
                stored(
                        new RoomClosed(HALL, 4, 11, NOON),
                        Map.of("type", "RoomClosed", "room", "hall", "created", 4L, "seq", 11L)),
                stored(
                        new Disconnected(CONNECTION, Option.some(ANN), Option.some(new ConnectionId("c2")), NOON),
                        Map.of("type", "Disconnected", "connection", "c1", "user", "Ann", "supersededBy", "c2")),
                stored(
                        new Disconnected(CONNECTION, Option.none(), Option.none(), NOON),
                        Map.of("type", "Disconnected", "connection", "c1")));
    }

    private static Arguments stored(ChatEvent event, Map<String, Object> fields) {
        Map<String, Object> map = new LinkedHashMap<>(Map.of("v", 1L, "at", "2030-01-01T12:00:00Z"));
        map.putAll(fields);
        return Arguments.of(event, map);
    }

    @ParameterizedTest
    @MethodSource("storedEvents")
    void eventIsStoredAsTheseFields(ChatEvent event, Map<String, Object> map) {
        assertThat(CODEC.encode(event)).isEqualTo(map);
    }

    @ParameterizedTest
    @MethodSource("storedEvents")
    void eventIsReadFromTheseFields(ChatEvent event, Map<String, Object> map) {
        assertThat(CODEC.decode(map)).isEqualTo(event);
    }

    @Test
    void everyEventTypeIsAmongTheStoredEvents() {
        Set<Class<?>> types = Stream.of(ChatEvent.class.getDeclaredClasses())
                .filter(Class::isRecord)
                .collect(Collectors.toSet());

        assertThat(storedEvents().map(stored -> stored.get()[0].getClass()).collect(Collectors.toSet()))
                .isEqualTo(types);
    }

    // --- what reading ignores and what it does not check ---

    @ParameterizedTest
    @MethodSource("storedEvents")
    void unknownFieldIsIgnored(ChatEvent event, Map<String, Object> map) {
        assertThat(CODEC.decode(with("mood", List.of("cheerful"), map))).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("storedEvents")
    void numbersAreReadAsIntegersToo(ChatEvent event, Map<String, Object> map) {
        Map<String, Object> integers = new LinkedHashMap<>(map);
        integers.replaceAll((name, value) -> value instanceof Long number ? (Object) number.intValue() : value);

        assertThat(CODEC.decode(integers)).isEqualTo(event);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u0000\u0007\u001b",
                "a\r\nb",
                "Zoe\u0308",
                "\u200b",
                "\ud83e",
            })
    void storedTextThatTodaysRulesChangeOrRejectIsReadAsItIs(String text) {
        assertThat(MessageText.of(text)).isNotEqualTo(Either.right(new MessageText(text)));

        assertThat(readEverywhere(text)).isEqualTo(everywhere(text));
    }

    @Test
    void storedTextLongerThanTodaysLimitIsReadAsItIs() {
        String text = "x".repeat(5_000);
        assertThat(MessageText.of(text)).isEqualTo(Either.left(new Rejection.TooLong("message", 4_000)));

        assertThat(readEverywhere(text)).isEqualTo(everywhere(text));
    }

    /** A message with this text in each of its text fields. */
    private static MessageSent everywhere(String text) {
        return new MessageSent(
                new RoomName(text),
                4,
                9,
                new ConnectionId(text),
                new UserName(text),
                new MessageText(text),
                Option.some(new ClientMessageId(text)),
                NOON);
    }

    private static ChatEvent readEverywhere(String text) {
        Map<String, Object> map = CODEC.encode(HELLO);
        List.of("room", "connection", "user", "text", "id").forEach(name -> map.put(name, text));
        return CODEC.decode(map);
    }

    // --- what cannot be read ---

    @Test
    void unknownEventTypeIsNamed() {
        assertThatExceptionOfType(UnknownEventTypeException.class)
                .isThrownBy(() -> CODEC.decode(with("type", "RoomRenamed", CODEC.encode(HELLO))))
                .withMessage("unknown event type RoomRenamed")
                .satisfies(exception -> assertThat(exception.type()).isEqualTo("RoomRenamed"));
    }

    @Test
    void newerSchemaVersionIsRefused() {
        Map<String, Object> newer = with("v", 2L, CODEC.encode(HELLO));
        String message =
                "an event has schema version 2, and this program reads versions up to 1: a newer program wrote it";

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> CODEC.decode(newer))
                .withMessage(message);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> EventCodec.requireReadable(newer))
                .withMessage(message);
        EventCodec.requireReadable(CODEC.encode(HELLO));
    }

    @Test
    void newerSchemaVersionIsRefusedBeforeAnUnknownType() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> CODEC.decode(Map.of("v", 2L, "type", "RoomRenamed")))
                .withMessageStartingWith("an event has schema version 2");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void olderSchemaVersionWithoutAnUpcasterIsRefused(long version) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> CODEC.decode(with("v", version, CODEC.encode(HELLO))))
                .withMessage("an event has schema version " + version
                        + ", and this program reads versions from 1 on: no upcaster reads it");
    }

    @ParameterizedTest
    @MethodSource("storedEvents")
    void missingFieldIsNamedUnlessItIsOptional(ChatEvent event, Map<String, Object> map) {
        for (String name : map.keySet()) {
            Map<String, Object> incomplete = new LinkedHashMap<>(map);
            incomplete.remove(name);
            Map<String, Object> withNull = with(name, null, map);
            if (isOptional(event, name)) {
                assertThat(CODEC.decode(incomplete)).isNotNull();
                assertThat(CODEC.decode(withNull)).isEqualTo(CODEC.decode(incomplete));
            } else {
                assertUnreadable(incomplete, "field " + name + " is missing");
                assertUnreadable(withNull, "field " + name + " is missing");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("storedEvents")
    void fieldOfTheWrongTypeIsNamed(ChatEvent event, Map<String, Object> map) {
        map.forEach((name, value) -> {
            if (value instanceof String) {
                assertUnreadable(with(name, 7L, map), "field " + name + " is not a string");
            } else if (!isDerived(event, name)) {
                String message = "field " + name + " is not a whole number of at most 64 bits";
                assertUnreadable(with(name, "7", map), message);
                assertUnreadable(with(name, 7.5, map), message);
                assertUnreadable(with(name, new BigInteger("9223372036854775808"), map), message);
            }
        });
    }

    @Test
    void textThatIsNotATimeIsNamed() {
        assertUnreadable(with("at", "at noon", CODEC.encode(HELLO)), "field at is not an ISO-8601 time: at noon");
    }

    private static boolean isOptional(ChatEvent event, String name) {
        return List.of("identity", "id", "supersededBy").contains(name)
                || (event instanceof Disconnected && name.equals("user"))
                || isDerived(event, name);
    }

    /** A created room's number is stored so that every event of a room has it. It equals {@code seq}, so it is not read. */
    private static boolean isDerived(ChatEvent event, String name) {
        return event instanceof RoomCreated && name.equals("created");
    }

    private static void assertUnreadable(Map<String, Object> map, String message) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> CODEC.decode(map))
                .withMessage(message);
    }

    // --- older versions ---

    /** In version 0, which never existed, a message's text was called {@code body}. */
    private static final Upcaster BODY_TO_TEXT = new Upcaster("MessageSent", 0, fields -> {
        fields.put("text", fields.remove("body"));
        return fields;
    });

    /** In version -1, which never existed, a sent message was called {@code Said}. */
    private static final Upcaster SAID_TO_MESSAGE_SENT = new Upcaster("Said", -1, fields -> {
        fields.put("type", "MessageSent");
        return fields;
    });

    private static Map<String, Object> versionZero() {
        Map<String, Object> map = with("v", 0L, CODEC.encode(HELLO));
        map.put("body", map.remove("text"));
        return map;
    }

    @Test
    void upcasterReadsAFieldThatWasRenamed() {
        assertThat(CODEC.with(BODY_TO_TEXT).decode(versionZero())).isEqualTo(HELLO);
    }

    @Test
    void upcasterReadsAnEventTypeThatWasRenamed() {
        var renamed = new Upcaster("Said", 0, SAID_TO_MESSAGE_SENT.conversion());

        assertThat(CODEC.with(renamed).decode(with("type", "Said", with("v", 0L, CODEC.encode(HELLO)))))
                .isEqualTo(HELLO);
    }

    @Test
    void upcastersAreAppliedFromVersionToVersionInAnyOrderOfConfiguration() {
        Map<String, Object> oldest = with("type", "Said", with("v", -1L, versionZero()));

        assertThat(CODEC.with(SAID_TO_MESSAGE_SENT).with(BODY_TO_TEXT).decode(oldest))
                .isEqualTo(HELLO);
        assertThat(CODEC.with(BODY_TO_TEXT).with(SAID_TO_MESSAGE_SENT).decode(oldest))
                .isEqualTo(HELLO);
    }

    @Test
    void upcasterDoesNotChangeTheMapOfTheCaller() {
        Map<String, Object> stored = versionZero();

        CODEC.with(BODY_TO_TEXT).decode(stored);

        assertThat(stored).isEqualTo(versionZero());
    }

    @Test
    void upcasterIsNotAppliedToItsNextVersionOrToOtherTypes() {
        EventCodec codec = CODEC.with(BODY_TO_TEXT);
        var left = new RoomLeft(HALL, 4, 10, CONNECTION, ANN, NOON);

        assertThat(codec.decode(with("body", "other", codec.encode(HELLO)))).isEqualTo(HELLO);
        assertThat(codec.decode(with("v", 0L, codec.encode(left)))).isEqualTo(left);
    }

    @Test
    void versionOlderThanAllUpcastersIsRefused() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> CODEC.with(BODY_TO_TEXT).decode(with("v", -1L, versionZero())))
                .withMessage(
                        "an event has schema version -1, and this program reads versions from 0 on: no upcaster reads it");
    }

    @Test
    void unknownTypeAfterUpcastingIsNamed() {
        assertThatExceptionOfType(UnknownEventTypeException.class)
                .isThrownBy(() -> CODEC.with(BODY_TO_TEXT).decode(with("type", "Said", versionZero())))
                .withMessage("unknown event type Said");
    }

    @Test
    void upcasterThatWouldNeverBeAppliedIsRejected() {
        EventCodec codec = CODEC.with(BODY_TO_TEXT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.with(new Upcaster("MessageSent", 0, fields -> fields)))
                .withMessage("the upcaster of MessageSent from version 0 would never be applied");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.with(new Upcaster("MessageSent", 1, fields -> fields)))
                .withMessage("the upcaster of MessageSent from version 1 would never be applied");
    }

    private static Map<String, Object> with(String name, @Nullable Object value, Map<String, Object> map) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }
}
