package dev.chatlab.testkit.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.NameReservation;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.codec.EventCodec;
import dev.chatlab.ports.codec.SnapshotCodec;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.Scenario;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/** Events and snapshots come back unchanged from their maps, directly and through JSON. */
@Domain(ChatDomain.class)
@Domain(DomainContext.Global.class)
class CodecRoundTripTest {

    private static final EventCodec CODEC = EventCodec.DEFAULT;

    // --- events with any text, number and time ---

    @Property
    @StatisticsReport(StatisticsReportMode.OFF)
    void eventIsReadBackFromItsMapAndFromJson(@ForAll("events") ChatEvent event) {
        assertThat(CODEC.decode(CODEC.encode(event))).isEqualTo(event);
        assertThat(CODEC.decode(throughJson(CODEC.encode(event)))).isEqualTo(event);

        for (Class<?> type : ChatEvent.class.getDeclaredClasses()) {
            if (type.isRecord()) {
                Statistics.label(type.getSimpleName())
                        .collect(type.isInstance(event))
                        .coverage(checker -> checker.check(true).count(count -> count > 0));
            }
        }
    }

    @Property
    void unknownFieldsAreIgnored(
            @ForAll("events") ChatEvent event,
            @ForAll Map<String, Integer> numbers,
            @ForAll Map<String, String> texts) {
        Map<String, Object> map = new LinkedHashMap<>(numbers);
        map.putAll(texts);
        // The codec's own field names are lower-case letters, so none of these is one of them.
        Map<String, Object> stored = new LinkedHashMap<>();
        map.forEach((name, value) -> stored.put("unknown " + name, value));
        stored.putAll(CODEC.encode(event));

        assertThat(CODEC.decode(stored)).isEqualTo(event);
    }

    @Property
    void encodedValuesAreStringsAndLongs(@ForAll("events") ChatEvent event) {
        assertThat(CODEC.encode(event).values())
                .allSatisfy(value -> assertThat(value).isInstanceOfAny(String.class, Long.class));
    }

    // --- snapshots of generated chats ---

    @Property
    void snapshotsOfAChatAreReadBackFromTheirMapsAndFromJson(@ForAll Scenario scenario) {
        Chat chat = scenario.chat();

        chat.sessions().values().forEach(CodecRoundTripTest::assertReadBack);
        chat.reservations().values().forEach(CodecRoundTripTest::assertReadBack);
        chat.rooms().keySet().flatMap(chat::open).forEach(CodecRoundTripTest::assertReadBack);
    }

    @Property
    void snapshotsWithAnyTextAreReadBackFromTheirMapsAndFromJson(
            @ForAll("sessions") Session session,
            @ForAll("reservations") NameReservation reservation,
            @ForAll("openRooms") Room.Open room) {
        assertReadBack(session);
        assertReadBack(reservation);
        assertReadBack(room);
    }

    private static void assertReadBack(Session session) {
        assertThat(SnapshotCodec.session(session.connection(), SnapshotCodec.encode(session)))
                .isEqualTo(session);
        assertThat(SnapshotCodec.session(session.connection(), throughJson(SnapshotCodec.encode(session))))
                .isEqualTo(session);
    }

    private static void assertReadBack(NameReservation reservation) {
        assertThat(SnapshotCodec.reservation(reservation.user(), SnapshotCodec.encode(reservation)))
                .isEqualTo(reservation);
        assertThat(SnapshotCodec.reservation(reservation.user(), throughJson(SnapshotCodec.encode(reservation))))
                .isEqualTo(reservation);
    }

    private static void assertReadBack(Room.Open room) {
        var members = room.members().mapValues(member -> SnapshotCodec.member(SnapshotCodec.encode(member)));
        var membersFromJson =
                room.members().mapValues(member -> SnapshotCodec.member(throughJson(SnapshotCodec.encode(member))));

        assertThat(SnapshotCodec.room(room.name(), room.seq(), SnapshotCodec.encode(room), members))
                .isEqualTo(room);
        assertThat(SnapshotCodec.room(
                        room.name(), room.seq(), throughJson(SnapshotCodec.encode(room)), membersFromJson))
                .isEqualTo(room);
    }

    /** The map as a JSON library reads it back: small numbers are Integers, and bytes are base64 strings. */
    private static Map<String, Object> throughJson(Map<String, Object> map) {
        try {
            return JSON.std.mapFrom(JSON.std.asString(map));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- arbitraries: any text, because the codec does not check it ---

    /** Events of all types. Without edge cases, because these alone would be more than all tries. */
    @Provide
    Arbitrary<ChatEvent> events() {
        return Arbitraries.<ChatEvent>oneOf(
                        Combinators.combine(connections(), identities().optional(), instants())
                                .as((connection, identity, at) ->
                                        new ChatEvent.Connected(connection, Option.ofOptional(identity), at)),
                        Combinators.combine(connections(), users(), digests(), instants(), instants())
                                .as(ChatEvent.UserRegistered::new),
                        Combinators.combine(rooms(), numbers(), connections(), users(), instants())
                                .as(ChatEvent.RoomCreated::new),
                        Combinators.combine(rooms(), numbers(), numbers(), connections(), users(), instants())
                                .as(ChatEvent.RoomJoined::new),
                        Combinators.combine(
                                        rooms(),
                                        numbers(),
                                        numbers(),
                                        connections(),
                                        users(),
                                        ChatArbitraries.unicode().map(MessageText::new),
                                        ChatArbitraries.unicode()
                                                .map(ClientMessageId::new)
                                                .optional(),
                                        instants())
                                .as((room, created, seq, connection, user, text, id, at) -> new ChatEvent.MessageSent(
                                        room, created, seq, connection, user, text, Option.ofOptional(id), at)),
                        Combinators.combine(rooms(), numbers(), numbers(), connections(), users(), instants())
                                .as(ChatEvent.RoomLeft::new),
                        Combinators.combine(rooms(), numbers(), numbers(), instants())
                                .as(ChatEvent.RoomClosed::new),
                        Combinators.combine(
                                        connections(),
                                        users().optional(),
                                        connections().optional(),
                                        instants())
                                .as((connection, user, successor, at) -> new ChatEvent.Disconnected(
                                        connection, Option.ofOptional(user), Option.ofOptional(successor), at)))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Session> sessions() {
        return Combinators.combine(
                        connections(),
                        instants(),
                        identities().optional(),
                        users().optional(),
                        rooms().set().ofMaxSize(5))
                .as((connection, at, identity, user, rooms) -> new Session(
                        connection, at, Option.ofOptional(identity), Option.ofOptional(user), HashSet.ofAll(rooms)))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<NameReservation> reservations() {
        return Combinators.combine(users(), connections(), digests(), instants())
                .as(NameReservation::new)
                .withoutEdgeCases();
    }

    /** Rooms with any members, and with recent messages anywhere in the deduplication window. */
    @Provide
    Arbitrary<Room.Open> openRooms() {
        Arbitrary<Map<ConnectionId, Room.Member>> members = Arbitraries.maps(
                        connections(), Combinators.combine(users(), numbers()).as(Room.Member::new))
                .ofMaxSize(5);
        Arbitrary<Map<Integer, Long>> digestsByDistance = Arbitraries.maps(
                        Arbitraries.integers().between(0, Room.DEDUPLICATION_WINDOW - 1), Arbitraries.longs())
                .ofMaxSize(Room.DEDUPLICATION_WINDOW);
        return Combinators.combine(
                        rooms(),
                        numbers(),
                        Arbitraries.longs().between(Room.DEDUPLICATION_WINDOW, Long.MAX_VALUE),
                        members,
                        digestsByDistance)
                .as((name, created, seq, present, digests) -> new Room.Open(
                        name,
                        created,
                        seq,
                        HashMap.ofAll(present),
                        TreeMap.ofAll(digests)
                                .toVector()
                                .reverse()
                                .map(entry -> new Room.RecentMessage(entry._2, seq - entry._1))))
                .withoutEdgeCases();
    }

    private static Arbitrary<ConnectionId> connections() {
        return ChatArbitraries.unicode().map(ConnectionId::new);
    }

    private static Arbitrary<UserName> users() {
        return ChatArbitraries.unicode().map(UserName::new);
    }

    private static Arbitrary<RoomName> rooms() {
        return ChatArbitraries.unicode().map(RoomName::new);
    }

    private static Arbitrary<Identity> identities() {
        return ChatArbitraries.unicode().map(Identity::new);
    }

    private static Arbitrary<ResumeKey.Digest> digests() {
        return ChatArbitraries.keys().map(ResumeKey::digest);
    }

    private static Arbitrary<Long> numbers() {
        return Arbitraries.longs().greaterOrEqual(1);
    }

    private static Arbitrary<Instant> instants() {
        return Combinators.combine(
                        Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
    }
}
