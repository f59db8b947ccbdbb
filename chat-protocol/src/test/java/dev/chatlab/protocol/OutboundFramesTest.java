package dev.chatlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.History;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** No frame is larger than its limit, whatever values the domain allows in it, and no entry of a list is lost. */
class OutboundFramesTest {

    /** Characters that take the most bytes in UTF-8, or an escape in JSON. */
    private static final List<String> HEAVY = List.of("\ud83e\udd80", "\"", "\\", "\u672c", "\ud83d\udc4b");

    private static final Instant AT = Instant.parse("2026-06-01T12:00:00.123456789Z");
    private static final ConnectionId ANN = new ConnectionId("\ud83e\udd80".repeat(128));

    @Provide
    Arbitrary<String> heavy() {
        return Arbitraries.of(HEAVY);
    }

    @Property
    void frameOfEachEventFits(@ForAll("heavy") String character, @ForAll("heavy") String other) {
        UserName user = new UserName(character.repeat(32));
        RoomName room = new RoomName(other.repeat(32));
        Seq<ChatEvent> events = Vector.of(
                new ChatEvent.RoomCreated(room, Long.MAX_VALUE, ANN, user, AT),
                new ChatEvent.RoomJoined(room, 1, Long.MAX_VALUE, ANN, user, AT),
                message(character, other, Long.MAX_VALUE),
                new ChatEvent.RoomLeft(room, 1, Long.MAX_VALUE, ANN, user, AT),
                new ChatEvent.RoomClosed(room, 1, Long.MAX_VALUE, AT),
                new ChatEvent.Disconnected(ANN, Option.some(user), Option.some(ANN), AT));

        assertThat(events.map(OutboundFrames::of)).allSatisfy(OutboundFramesTest::fits);
    }

    @Property(tries = 100)
    void historyPageThatDoesNotFitIsCutAndReportsMore(
            @ForAll("heavy") String character,
            @ForAll("heavy") String other,
            @ForAll @IntRange(max = 100) int messages,
            @ForAll @IntRange(min = 1, max = 700) int members,
            @ForAll boolean more) {
        Room.Open room = room(other, members);
        History.Page page =
                new History.Page(Vector.rangeClosed(1, messages).map(seq -> message(character, other, seq)), more);

        Response response = OutboundFrames.joined(room, page);

        assertThat(response.continuation().append(response.frame())).allSatisfy(OutboundFramesTest::fits);
        List<?> messagesInFrame = list(response.frame(), "messages");
        assertThat(messagesInFrame).hasSizeBetween(Math.min(1, messages), messages);
        assertThat(messagesInFrame.stream().map(message -> ((Map<?, ?>) message).get("content")))
                .allMatch(character.repeat(MESSAGE)::equals);
        assertThat(messagesInFrame.stream().map(message -> ((Map<?, ?>) message).get("seq")))
                .isEqualTo(Vector.rangeClosed(1L, messagesInFrame.size()).asJava());
        assertThat(response.frame().fields()).containsEntry("more", more || messagesInFrame.size() < messages);
        assertThat(entries(response, "members"))
                .isEqualTo(room.roster().map(UserName::value).asJava());
    }

    @Property(tries = 100)
    void roomListIsSplitIntoFramesThatFit(@ForAll("heavy") String character, @ForAll @IntRange(max = 1_000) int rooms) {
        Seq<RoomName> names = Vector.range(0, rooms).map(i -> new RoomName(numbered(character, i)));

        Response response =
                OutboundFrames.signup(new UserName(character.repeat(32)), new ResumeKey("\\".repeat(128)), names);

        assertThat(response.continuation().append(response.frame())).allSatisfy(OutboundFramesTest::fits);
        assertThat(entries(response, "rooms"))
                .isEqualTo(names.map(RoomName::value).asJava());
    }

    @Property(tries = 100)
    void memberListOfNewRoomIsSplitIntoFramesThatFit(
            @ForAll("heavy") String character, @ForAll @IntRange(min = 1, max = 700) int members) {
        Response response = OutboundFrames.created(room(character, members));

        assertThat(response.continuation().append(response.frame())).allSatisfy(OutboundFramesTest::fits);
        assertThat(entries(response, "members"))
                .isEqualTo(
                        room(character, members).roster().map(UserName::value).asJava());
    }

    @Property
    void errorFrameFitsWhateverTheRequestContains(
            @ForAll("heavy") String character, @ForAll("padding") String padding) {
        String name = padding + character.repeat(32) + padding;
        for (String action : List.of("dispatch", "new-room", name)) {
            InboundFrame request = InboundFrame.parse(
                            new Frame(Map.of("action", action, "room", name, "value", name, "id", name)).json())
                    .get();

            assertThat(request.error(ErrorResponse.of(
                                    new Rejection.NoSuchRoom(RoomName.of(name).get())))
                            .frame())
                    .satisfies(OutboundFramesTest::fits)
                    .extracting(frame -> frame.fields().get("room"))
                    .isEqualTo(character.repeat(32));
        }
    }

    @Provide
    Arbitrary<String> padding() {
        return Arbitraries.of(" ", "\u3000", "").map(blank -> blank.repeat(10_000));
    }

    @Example
    void longestMessageFitsBesideFullMemberList() {
        Response response = OutboundFrames.joined(
                room("\ud83e\udd80", 1_000),
                new History.Page(Vector.of(message("\ud83e\udd80", "\ud83e\udd80", Long.MAX_VALUE)), true));

        assertThat(list(response.frame(), "messages")).hasSize(1);
        assertThat(Frame.bytes(response.frame().fields())).isBetween(28_000, Frame.MAX_BYTES);
    }

    // --- values at the domain's limits ---

    private static final int MESSAGE = 4_000;

    private static MessageSent message(String character, String other, long seq) {
        return new MessageSent(
                new RoomName(other.repeat(32)),
                1,
                seq,
                ANN,
                new UserName(character.repeat(32)),
                new MessageText(character.repeat(MESSAGE)),
                Option.some(new ClientMessageId(other.repeat(64))),
                AT);
    }

    private static Room.Open room(String character, int members) {
        return new Room.Open(
                new RoomName(character.repeat(32)),
                1,
                Long.MAX_VALUE,
                LinkedHashMap.ofEntries(Vector.range(0, members)
                        .map(i -> new io.vavr.Tuple2<>(
                                new ConnectionId("c" + i), new Room.Member(new UserName(numbered(character, i)), i)))),
                Vector.empty());
    }

    /** A unique name of 32 code points. */
    private static String numbered(String character, int i) {
        String number = Integer.toString(i);
        return character.repeat(32 - number.length()) + number;
    }

    private static void fits(Frame frame) {
        assertThat(Frame.bytes(frame.fields())).isLessThanOrEqualTo(Frame.MAX_BYTES);
    }

    private static List<?> list(Frame frame, String name) {
        return (List<?>) frame.fields().getOrDefault(name, List.of());
    }

    private static List<Object> entries(Response response, String name) {
        return response.continuation()
                .prepend(response.frame())
                .flatMap(frame -> Vector.<Object>ofAll(list(frame, name)))
                .asJava();
    }
}
