package dev.chatlab.ports.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.NameReservation;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The stored form of each snapshot, and what the codec reads besides it. */
class SnapshotCodecTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final ConnectionId CONNECTION = new ConnectionId("c1");
    private static final UserName ANN = new UserName("Ann");
    private static final RoomName HALL = new RoomName("hall");

    private static final Session SESSION = new Session(
            CONNECTION,
            NOON,
            Option.some(new Identity("eu-west-1:ann")),
            Option.some(ANN),
            HashSet.of(HALL, new RoomName("attic")));
    private static final Map<String, Object> STORED_SESSION = Map.of(
            "connectedAt",
            "2030-01-01T12:00:00Z",
            "identity",
            "eu-west-1:ann",
            "user",
            "Ann",
            "rooms",
            List.of("attic", "hall"));

    private static final NameReservation RESERVATION =
            new NameReservation(ANN, CONNECTION, new ResumeKey.Digest("0a1b"), NOON);
    private static final Map<String, Object> STORED_RESERVATION =
            Map.of("connection", "c1", "key", "0a1b", "expiresAt", "2030-01-01T12:00:00Z");

    private static final Room.Member MEMBER = new Room.Member(ANN, 4);
    private static final Map<String, Object> STORED_MEMBER = Map.of("user", "Ann", "joined", 4L);

    private static final Room.Open ROOM = new Room.Open(
            HALL,
            4,
            20,
            HashMap.of(CONNECTION, MEMBER),
            Vector.of(new Room.RecentMessage(0x0102030405060708L, 5), new Room.RecentMessage(-1, 20)));
    private static final byte[] STORED_RECENT = {1, 2, 3, 4, 5, 6, 7, 8, 15, -1, -1, -1, -1, -1, -1, -1, -1, 0};
    private static final Map<String, Object> STORED_ROOM = Map.of("created", 4L, "recent", STORED_RECENT);

    @Test
    void sessionIsStoredAsTheseFields() {
        assertThat(SnapshotCodec.encode(SESSION)).isEqualTo(STORED_SESSION);
        assertThat(SnapshotCodec.session(CONNECTION, STORED_SESSION)).isEqualTo(SESSION);
    }

    @Test
    void fieldsThatASessionDoesNotHaveAreNotStored() {
        var session = new Session(CONNECTION, NOON, Option.none(), Option.none(), HashSet.empty());

        assertThat(SnapshotCodec.encode(session))
                .isEqualTo(Map.of("connectedAt", "2030-01-01T12:00:00Z", "rooms", List.of()));
        assertThat(SnapshotCodec.session(CONNECTION, Map.of("connectedAt", "2030-01-01T12:00:00Z")))
                .isEqualTo(session);
    }

    @Test
    void reservationIsStoredAsTheseFields() {
        assertThat(SnapshotCodec.encode(RESERVATION)).isEqualTo(STORED_RESERVATION);
        assertThat(SnapshotCodec.reservation(ANN, STORED_RESERVATION)).isEqualTo(RESERVATION);
    }

    @Test
    void memberIsStoredAsTheseFields() {
        assertThat(SnapshotCodec.encode(MEMBER)).isEqualTo(STORED_MEMBER);
        assertThat(SnapshotCodec.member(STORED_MEMBER)).isEqualTo(MEMBER);
        assertThat(SnapshotCodec.member(Map.of("user", "Ann", "joined", 4))).isEqualTo(MEMBER);
    }

    @Test
    void roomIsStoredAsTheseFieldsWithoutItsMembers() {
        assertThat(SnapshotCodec.encode(ROOM)).containsOnlyKeys("created", "recent");
        assertThat(SnapshotCodec.encode(ROOM)).containsEntry("created", 4L);
        assertThat((byte[]) SnapshotCodec.encode(ROOM).get("recent")).containsExactly(STORED_RECENT);
        assertThat(room(STORED_ROOM)).isEqualTo(ROOM);
    }

    @Test
    void recentMessagesAreReadFromBase64AsJsonWritesThem() {
        assertThat(room(Map.of("created", 4, "recent", "AQIDBAUGBwgP//////////8A")))
                .isEqualTo(ROOM);
    }

    @Test
    void roomWithoutRecentMessagesIsReadWithAndWithoutTheField() {
        Room.Open quiet = ROOM.withRecent(Vector.empty());

        assertThat(room(Map.of("created", 4L))).isEqualTo(quiet);
        assertThat(room(SnapshotCodec.encode(quiet))).isEqualTo(quiet);
        assertThat(room(Map.of("created", 4L, "recent", ""))).isEqualTo(quiet);
    }

    @Test
    void unknownFieldIsIgnored() {
        assertThat(SnapshotCodec.session(CONNECTION, with("mood", "cheerful", STORED_SESSION)))
                .isEqualTo(SESSION);
        assertThat(SnapshotCodec.reservation(ANN, with("mood", "cheerful", STORED_RESERVATION)))
                .isEqualTo(RESERVATION);
        assertThat(SnapshotCodec.member(with("mood", "cheerful", STORED_MEMBER)))
                .isEqualTo(MEMBER);
        assertThat(room(with("mood", "cheerful", STORED_ROOM))).isEqualTo(ROOM);
    }

    @Test
    void storedTextThatTodaysRulesRejectIsReadAsItIs() {
        String text = "Zoe\u0308\u0000 " + "x".repeat(5_000);

        assertThat(SnapshotCodec.session(
                        CONNECTION,
                        with("user", text, with("identity", text, with("rooms", List.of(text), STORED_SESSION)))))
                .isEqualTo(SESSION.withUser(Option.some(new UserName(text)))
                        .withIdentity(Option.some(new Identity(text)))
                        .withRooms(HashSet.of(new RoomName(text))));
        assertThat(SnapshotCodec.reservation(ANN, with("connection", text, STORED_RESERVATION)))
                .isEqualTo(RESERVATION.withConnection(new ConnectionId(text)));
        assertThat(SnapshotCodec.member(with("user", text, STORED_MEMBER)))
                .isEqualTo(new Room.Member(new UserName(text), 4));
    }

    @Test
    void missingFieldIsNamed() {
        assertUnreadable(map -> SnapshotCodec.session(CONNECTION, map), Map.of(), "field connectedAt is missing");
        for (String name : STORED_RESERVATION.keySet()) {
            assertUnreadable(
                    map -> SnapshotCodec.reservation(ANN, map),
                    without(name, STORED_RESERVATION),
                    "field " + name + " is missing");
        }
        for (String name : STORED_MEMBER.keySet()) {
            assertUnreadable(SnapshotCodec::member, without(name, STORED_MEMBER), "field " + name + " is missing");
        }
        assertUnreadable(SnapshotCodecTest::room, without("created", STORED_ROOM), "field created is missing");
    }

    @Test
    void fieldOfTheWrongTypeIsNamed() {
        Function<Map<String, Object>, Object> session = map -> SnapshotCodec.session(CONNECTION, map);
        assertUnreadable(session, with("connectedAt", 7L, STORED_SESSION), "field connectedAt is not a string");
        assertUnreadable(
                session,
                with("connectedAt", "noon", STORED_SESSION),
                "field connectedAt is not an ISO-8601 time: noon");
        assertUnreadable(session, with("user", 7L, STORED_SESSION), "field user is not a string");
        assertUnreadable(session, with("identity", 7L, STORED_SESSION), "field identity is not a string");
        assertUnreadable(session, with("rooms", "hall", STORED_SESSION), "field rooms is not a list of strings");
        assertUnreadable(
                session, with("rooms", List.of("hall", 7L), STORED_SESSION), "field rooms is not a list of strings");
        assertUnreadable(
                SnapshotCodec::member,
                with("joined", "4", STORED_MEMBER),
                "field joined is not a whole number of at most 64 bits");
        assertUnreadable(
                SnapshotCodecTest::room, with("recent", 7L, STORED_ROOM), "field recent is not binary or base64");
        assertUnreadable(
                SnapshotCodecTest::room, with("recent", "****", STORED_ROOM), "field recent is not binary or base64");
    }

    @Test
    void incompleteRecentMessageIsReported() {
        assertUnreadable(
                SnapshotCodecTest::room,
                with("recent", new byte[10], STORED_ROOM),
                "field recent is not a list of entries of 9 bytes");
    }

    private static Room.Open room(Map<String, Object> map) {
        return SnapshotCodec.room(HALL, 20, map, ROOM.members());
    }

    private static void assertUnreadable(
            Function<Map<String, Object>, ?> decode, Map<String, Object> map, String message) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> decode.apply(map))
                .withMessage(message);
    }

    private static Map<String, Object> with(String name, Object value, Map<String, Object> map) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(String name, Map<String, Object> map) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.remove(name);
        return changed;
    }
}
