package dev.chatlab.testkit.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.protocol.ChatSockets;
import dev.chatlab.protocol.Frame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of a host: a test suite that drives a running host over real WebSocket connections. A host is any program that
 * serves the chat's wire protocol.
 *
 * <p>A subclass starts the host, once for all tests, and says where it listens. Users and rooms have a new name in each test, so the
 * host may have a store that keeps them.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class ChatProtocolContract {

    /** Part of all names, so that two runs on one store do not meet. */
    private static final String RUN = Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36 * 36), 36);

    private static final AtomicLong NAMES = new AtomicLong();

    /** A character that takes four bytes in UTF-8. */
    private static final String WIDE = "\ud83e\udd80";

    private static final String LONGEST_TEXT = WIDE.repeat(4_000);

    private final List<WebSocketTestClient> clients = new ArrayList<>();

    // --- what a host says about itself ---

    /** The host's endpoint: a {@code ws} or {@code wss} URI that accepts connections without credentials. */
    protected abstract URI endpoint();

    /**
     * Whether the host promises order: each connection receives the frames of a room in the order of their {@code seq}, and the
     * response to its own request between the frame of its own event and later ones. A host that does not promise it must still
     * send each frame exactly once.
     */
    protected abstract boolean promisesOrder();

    /** The size in bytes of the largest message from a client that the host accepts. A larger one closes the connection. */
    protected int maxMessageBytes() {
        return ChatSockets.MAX_INBOUND_BYTES;
    }

    /** The code that the host closes a connection with that sends a message larger than {@link #maxMessageBytes}. */
    protected int messageTooLargeCode() {
        return 1009;
    }

    /** The code that the host closes a connection with that sends a binary message. */
    protected int binaryMessageCode() {
        return 1003;
    }

    /** How long a test waits for one event before it fails. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    @AfterEach
    void abortConnections() {
        clients.forEach(WebSocketTestClient::abort);
        clients.clear();
    }

    // --- delivery ---

    @Test
    void everyMemberReceivesEveryMessageExactlyOnce() {
        Conversation conversation = converse(4, 25);

        Map<Long, String> texts = texts(conversation.messages(conversation.members.getFirst()));
        for (WebSocketTestClient member : conversation.members) {
            List<ReceivedFrame> messages = conversation.messages(member);
            assertExactlyOnce(
                    "messages by seq", conversation.seqs(), messages.stream().map(ReceivedFrame::seq));
            assertExactlyOnce(
                    "messages by text", conversation.sent, messages.stream().map(frame -> frame.string("message")));
            assertThat(texts(messages)).as("the same seq at all members").isEqualTo(texts);
        }
    }

    @Test
    void everyMessageIsAcknowledgedExactlyOnceWithItsSeq() {
        Conversation conversation = converse(4, 25);

        Map<Long, String> texts = texts(conversation.messages(conversation.members.getFirst()));
        for (WebSocketTestClient member : conversation.members) {
            List<ReceivedFrame> acks = conversation.acks(member);
            assertExactlyOnce("acks", conversation.sentBy(member), acks.stream().map(ack -> ack.string("id")));
            assertThat(acks)
                    .allSatisfy(ack -> assertThat(texts.get(ack.seq()))
                            .as("the message at the seq of %s", ack)
                            .isEqualTo(ack.string("id")));
        }
    }

    @Test
    void membersReceiveJoinsAndLeavesExactlyOnce() {
        String room = name("hall");
        String joiner = name("joiner");
        WebSocketTestClient first = member("first", room);
        WebSocketTestClient second = registered(joiner);

        join(second, room);
        second.send("action", "leave-room", "room", room);
        second.await("ack");
        send(first, room, "end");
        first.await("client-message");

        List<ReceivedFrame> frames = first.awaitAtLeast(3, frame -> isEvent(frame, room));
        assertExactlyOnce("events by seq", List.of(2L, 3L, 4L), frames.stream().map(ReceivedFrame::seq));
        assertExactlyOnce(
                "joins and leaves",
                List.of("member-joined " + joiner, "member-left " + joiner),
                frames.stream()
                        .filter(frame -> !frame.is("client-message"))
                        .map(frame -> frame.string("type") + " " + frame.string("user")));
    }

    @Test
    void clientThatIsNoMemberReceivesNoMessages() {
        String room = name("hall");
        WebSocketTestClient member = member("member", room);
        WebSocketTestClient other = registered(name("other"));
        other.send("action", "dispatch", "room", room, "value", "let me in");
        assertThat(other.await("error").string("code")).isEqualTo("not-a-member");

        send(member, room, "hello");
        member.await("client-message");
        // The closing of the room reaches the other client after the message would have.
        member.send("action", "leave-room", "room", room);
        other.await("the closing of " + room, frame -> frame.is("delete-room") && frame.isOf(room));

        assertThat(other.received().stream().filter(frame -> isEvent(frame, room)))
                .as("events that a client received without being a member")
                .isEmpty();
    }

    @Test
    void registeredClientsAreNotifiedOfNewAndClosedRooms() {
        String room = name("hall");
        WebSocketTestClient creator = registered(name("creator"));
        WebSocketTestClient other = registered(name("other"));
        WebSocketTestClient unregistered = connect();

        creator.send("action", "new-room", "value", room);
        ReceivedFrame created = creator.await("ack");
        other.await("the new room " + room, frame -> isNewRoom(frame, room));
        WebSocketTestClient later = connect();
        later.send("action", "register", "value", name("later"));
        ReceivedFrame signup = later.await("signup");
        creator.send("action", "leave-room", "room", room);
        other.await("the closing of " + room, frame -> frame.is("delete-room") && frame.isOf(room));

        assertThat(created.string("room")).isEqualTo(room);
        assertThat(created.seq()).isEqualTo(1);
        assertThat(created.list("members")).hasSize(1);
        assertThat(rooms(later, signup)).as("the open rooms").contains(room);
        assertThat(unregistered.received())
                .as("frames to a client that did not register")
                .isEmpty();
    }

    @Test
    void longestTextOfWidestCharactersIsDeliveredUnchanged() {
        String room = name("hall");
        WebSocketTestClient sender = member("sender", room);
        WebSocketTestClient recipient = member("recipient", room);

        send(sender, room, LONGEST_TEXT);

        ReceivedFrame message = recipient.await("client-message");
        assertThat(message.string("message").equals(LONGEST_TEXT))
                .as("the text is unchanged: %s", message)
                .isTrue();
        assertWithinFrameLimit(recipient);
    }

    // --- order ---

    @Test
    void eventsArriveInSeqOrderWhereOrderIsPromised() {
        assumeOrder();

        Conversation conversation = converse(6, 25);

        for (WebSocketTestClient member : conversation.members) {
            List<Long> seqs = member.received().stream()
                    .filter(frame -> isEvent(frame, conversation.room))
                    .map(ReceivedFrame::seq)
                    .toList();
            for (int i = 1; i < seqs.size(); i++) {
                assertThat(seqs.get(i))
                        .as("seq after %d in %s", seqs.get(i - 1), seqs)
                        .isEqualTo(seqs.get(i - 1) + 1);
            }
        }
    }

    @Test
    void acknowledgementArrivesBetweenItsOwnEventAndTheNextWhereOrderIsPromised() {
        assumeOrder();

        Conversation conversation = converse(6, 25);

        for (WebSocketTestClient member : conversation.members) {
            assertResponsesFollowTheirState(conversation.room, member, "ack");
        }
    }

    @Test
    void joinResponseArrivesBetweenItsStateAndTheNextEventWhereOrderIsPromised() {
        assumeOrder();
        String room = name("hall");
        WebSocketTestClient sender = member("sender", room);
        List<WebSocketTestClient> joiners =
                IntStream.range(0, 5).mapToObj(i -> registered(name("joiner"))).toList();
        int messages = 60;

        // The first join of each client has an event of its own, the others only catch up.
        for (int i = 0; i < messages; i++) {
            send(sender, room, "m" + i);
            if (i % 4 == 0) {
                joiners.forEach(joiner -> joiner.send("action", "join-room", "value", room));
            }
        }

        joiners.forEach(joiner -> assertThat(joiner.awaitAtLeast(messages / 4, frame -> frame.is("multi-message")))
                .hasSize(messages / 4));
        send(sender, room, "end");
        for (WebSocketTestClient joiner : joiners) {
            joiner.await(
                    "the last message",
                    frame -> isEvent(frame, room) && "end".equals(frame.fields().get("message")));
            ReceivedFrame first = joiner.received().stream()
                    .filter(frame -> frame.isOf(room))
                    .findFirst()
                    .orElseThrow();
            assertThat(first.is("multi-message"))
                    .as("the first frame of the room is the response: %s", first)
                    .isTrue();
            assertResponsesFollowTheirState(room, joiner, "multi-message");
        }
    }

    /** A response contains a state of the room. It must arrive after the events of that state and before all others. */
    private static void assertResponsesFollowTheirState(String room, WebSocketTestClient client, String response) {
        long latest = 0;
        for (ReceivedFrame frame : client.received()) {
            if (isEvent(frame, room)) {
                latest = frame.seq();
            } else if (frame.is(response) && frame.isOf(room)) {
                if (latest > 0) {
                    assertThat(latest)
                            .as("seq of the last event before the response %s", frame)
                            .isEqualTo(frame.seq());
                }
                latest = frame.seq();
            }
        }
    }

    private void assumeOrder() {
        Assumptions.assumeTrue(promisesOrder(), "the host does not promise order");
    }

    // --- joining and catching up ---

    @Test
    void joinWithSinceReturnsTheMissedMessagesPageByPage() {
        String room = name("hall");
        WebSocketTestClient sender = member("sender", room);
        int messages = 120;
        for (int i = 0; i < messages; i++) {
            send(sender, room, "m" + i);
            sender.await("ack");
        }
        WebSocketTestClient reader = registered(name("reader"));

        reader.send("action", "join-room", "value", room);
        assertThat(contents(reader.await("multi-message")))
                .startsWith("m70")
                .endsWith("m119")
                .hasSize(50);
        assertThat(catchUp(reader, room, 0)).isEqualTo(texts(0, messages));
        assertThat(catchUp(reader, room, 1 + 100)).isEqualTo(texts(100, messages));
    }

    @Test
    void pagesOfLongMessagesAreWithinTheFrameLimitAndComplete() {
        String room = name("hall");
        WebSocketTestClient sender = member("sender", room);
        for (int i = 0; i < 3; i++) {
            send(sender, room, LONGEST_TEXT);
            sender.await("ack");
        }

        assertThat(catchUp(sender, room, 0).stream().map(LONGEST_TEXT::equals))
                .as("the messages of all pages, unchanged")
                .containsExactly(true, true, true);
        assertWithinFrameLimit(sender);
    }

    private static void assertWithinFrameLimit(WebSocketTestClient client) {
        assertThat(client.received())
                .allSatisfy(frame -> assertThat(frame.text().getBytes(UTF_8).length)
                        .as("bytes of a frame")
                        .isLessThanOrEqualTo(Frame.MAX_BYTES));
    }

    @Test
    void joinOfMemberHasNoEvent() {
        String room = name("hall");
        WebSocketTestClient member = member("member", room);

        send(member, room, "hello");
        member.await("ack");

        assertThat(join(member, room).seq()).as("seq after the message").isEqualTo(2);
        assertThat(join(member, room).seq()).as("seq after another join").isEqualTo(2);
    }

    @Test
    void sinceBeyondTheNewestEventReturnsTheLatestMessages() {
        String room = name("hall");
        WebSocketTestClient member = member("member", room);
        send(member, room, "hello");
        member.await("ack");

        member.send("action", "join-room", "value", room, "since", 1_000);

        assertThat(contents(member.await("multi-message")))
                .as("the latest messages")
                .containsExactly("hello");
    }

    /** Joins with {@code since} until there are no more messages. */
    private static List<String> catchUp(WebSocketTestClient client, String room, long since) {
        List<String> contents = new ArrayList<>();
        long last = since;
        while (true) {
            client.send("action", "join-room", "value", room, "since", last);
            ReceivedFrame page = client.await("multi-message");
            List<ReceivedFrame> messages = page.objects("messages");
            contents.addAll(contents(page));
            if (!Boolean.TRUE.equals(page.fields().get("more"))) {
                return contents;
            }
            assertThat(messages).as("a page with more to come").isNotEmpty();
            last = messages.getLast().seq();
        }
    }

    // --- idempotency ---

    @Test
    void messageRepeatedUnderItsIdIsStoredAndDeliveredOnce() {
        String room = name("hall");
        WebSocketTestClient sender = member("sender", room);
        WebSocketTestClient other = member("other", room);

        for (int i = 0; i < 3; i++) {
            sender.send("action", "dispatch", "room", room, "value", "hello", "id", "m-1");
        }
        List<ReceivedFrame> acks = sender.awaitAtLeast(3, frame -> frame.is("ack") && frame.isOf(room) && hasId(frame));
        send(sender, room, "end");
        other.await(
                "the last message",
                frame -> frame.is("client-message") && frame.string("message").equals("end"));

        assertExactlyOnce(
                "messages",
                List.of("3 hello", "4 end"),
                other.awaitAtLeast(2, frame -> frame.is("client-message")).stream()
                        .map(frame -> frame.seq() + " " + frame.string("message")));
        assertThat(acks).hasSize(3).allSatisfy(ack -> assertThat(ack.seq()).isEqualTo(3));
    }

    private static boolean hasId(ReceivedFrame frame) {
        return frame.fields().containsKey("id");
    }

    // --- resuming ---

    @Test
    void resumeKeyTakesTheNameOverAndTheOldConnectionIsNotified() {
        String room = name("hall");
        String user = name("ann");
        WebSocketTestClient witness = member("witness", room);
        WebSocketTestClient old = connect();
        old.send("action", "register", "value", user);
        String key = old.await("signup").string("key");
        join(old, room);
        witness.await("member-joined");

        WebSocketTestClient successor = connect();
        successor.send("action", "register", "value", user, "key", key);
        ReceivedFrame signup = successor.await("signup");

        assertThat(signup.string("user")).isEqualTo(user);
        assertThat(signup.string("key")).isEqualTo(key);
        assertThat(old.await("error").string("code")).isEqualTo("signed-in-elsewhere");
        assertThat(witness.await("member-left").string("user")).isEqualTo(user);
        old.send("action", "dispatch", "room", room, "value", "still here");
        assertThat(old.await("error").string("code")).isEqualTo("not-a-member");
        join(successor, room);
        send(successor, room, "back again");
        assertThat(witness.await("client-message").string("user")).isEqualTo(user);
    }

    @Test
    void nameThatIsHeldIsTakenForClientsWithoutItsKey() {
        String user = name("ann");
        registered(user);

        WebSocketTestClient withoutKey = connect();
        withoutKey.send("action", "register", "value", user);
        WebSocketTestClient withOtherKey = connect();
        withOtherKey.send("action", "register", "value", user, "key", "not-the-key-of-this-name");

        assertThat(withoutKey.await("a response", frame -> true).fields()).containsEntry("code", "name-taken");
        assertThat(withOtherKey.await("a response", frame -> true).fields()).containsEntry("code", "name-taken");
    }

    // --- the end of a connection ---

    @Test
    void closedConnectionLeavesItsRoomsAndFreesItsName() {
        assertEndedConnectionLeaves(WebSocketTestClient::close);
    }

    @Test
    void lostConnectionLeavesItsRoomsAndFreesItsName() {
        assertEndedConnectionLeaves(WebSocketTestClient::abort);
    }

    private void assertEndedConnectionLeaves(Consumer<WebSocketTestClient> end) {
        String room = name("hall");
        String user = name("ann");
        WebSocketTestClient witness = member("witness", room);
        WebSocketTestClient ending = registered(user);
        join(ending, room);
        witness.await("member-joined");

        end.accept(ending);

        assertThat(witness.await("member-left").string("user")).isEqualTo(user);
        // The name is freed after the rooms are left.
        WebSocketTestClient again = connect();
        long deadline = System.nanoTime() + patience().toNanos();
        ReceivedFrame answer;
        do {
            again.send("action", "register", "value", user);
            answer = again.await("a response", frame -> frame.is("signup") || frame.is("error"));
        } while (answer.is("error") && System.nanoTime() < deadline);
        assertThat(answer.is("signup")).as("%s", answer).isTrue();
    }

    @Test
    void closeFrameOfClientIsAnswered() {
        try (RawWebSocket client = RawWebSocket.connect(endpoint(), patience())) {
            client.sendClose(1000);

            assertThat(client.readCloseCode())
                    .as("the code of the host's close frame; 1006 means that there was none")
                    .isNotEqualTo(1006);
        }
    }

    // --- messages that the host does not accept ---

    @Test
    void largestMessageIsAccepted() {
        try (RawWebSocket client = RawWebSocket.connect(endpoint(), patience())) {
            sendInFragments(client, "{\"padding\":\"", maxMessageBytes(), "\"}");

            assertThat(client.readText().string("code")).isEqualTo("unknown-action");
        }
    }

    @Test
    void frameLargerThanTheLimitClosesTheConnection() {
        try (RawWebSocket client = RawWebSocket.connect(endpoint(), patience())) {
            client.sendText("x".repeat(maxMessageBytes() + 1));

            assertThat(client.readCloseCode()).as("close code").isEqualTo(messageTooLargeCode());
        }
    }

    @Test
    void messageOfFragmentsLargerThanTheLimitClosesTheConnection() {
        try (RawWebSocket client = RawWebSocket.connect(endpoint(), patience())) {
            sendInFragments(client, "{\"padding\":\"", maxMessageBytes() + 1, "\"}");

            assertThat(client.readCloseCode()).as("close code").isEqualTo(messageTooLargeCode());
        }
    }

    @Test
    void binaryMessageClosesTheConnection() {
        try (RawWebSocket client = RawWebSocket.connect(endpoint(), patience())) {
            client.sendFrame(RawWebSocket.BINARY, true, new byte[] {'{', '}'});

            assertThat(client.readCloseCode()).as("close code").isEqualTo(binaryMessageCode());
        }
    }

    /** Sends a message of this size in frames of 16 KB. */
    private static void sendInFragments(RawWebSocket client, String start, int bytes, String end) {
        int fragment = 16 * 1024;
        byte[] message = (start + "x".repeat(bytes - start.length() - end.length()) + end).getBytes(UTF_8);
        for (int from = 0; from < message.length; from += fragment) {
            int to = Math.min(message.length, from + fragment);
            client.sendFrame(
                    from == 0 ? RawWebSocket.TEXT : RawWebSocket.CONTINUATION,
                    to == message.length,
                    Arrays.copyOfRange(message, from, to));
        }
    }

    @TestFactory
    Stream<DynamicTest> malformedFrameIsAnsweredWithAnErrorAndTheConnectionStaysOpen() {
        return Stream.of(
                        // A host may route by the action before it reads the frame.
                        new Malformed("not JSON", "malformed", "unknown-action"),
                        new Malformed("", "malformed", "unknown-action"),
                        new Malformed("[1,2]", "malformed", "unknown-action"),
                        new Malformed("\"register\"", "malformed", "unknown-action"),
                        new Malformed("null", "malformed", "unknown-action"),
                        new Malformed("[".repeat(3_000), "malformed", "unknown-action"),
                        new Malformed("{\"action\":\"dispatch\",", "malformed", "unknown-action"),
                        new Malformed("{}", "unknown-action"),
                        new Malformed("{\"action\":7}", "unknown-action"),
                        new Malformed("{\"action\":\"nonsense\"}", "unknown-action"),
                        new Malformed("{\"action\":\"$connect\"}", "unknown-action"),
                        new Malformed("{\"action\":\"$disconnect\"}", "unknown-action"),
                        new Malformed("{\"action\":\"$default\"}", "unknown-action"),
                        new Malformed("{\"action\":\"dispatch\"}", "malformed"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":null}", "malformed"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":5,\"id\":\"k\"}", "malformed"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":{\"a\":[]}}", "malformed"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":\"x\",\"room\":3}", "malformed"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":\"x\",\"id\":false}", "malformed"),
                        new Malformed("{\"action\":\"join-room\",\"value\":\"x\",\"since\":\"1\"}", "malformed"),
                        new Malformed("{\"action\":\"join-room\",\"value\":\"x\",\"since\":-1}", "malformed"),
                        new Malformed("{\"action\":\"join-room\",\"value\":\"x\",\"since\":1.5}", "malformed"),
                        new Malformed(
                                "{\"action\":\"join-room\",\"value\":\"x\",\"since\":99999999999999999999}",
                                "malformed"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":\"\"}", "blank"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":\"\\u0007\"}", "control-character"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":\"\\ud800\"}", "unpaired-surrogate"),
                        new Malformed("{\"action\":\"dispatch\",\"value\":\"" + "x".repeat(4_001) + "\"}", "too-long"),
                        new Malformed(
                                "{\"action\":\"dispatch\",\"value\":\"x\",\"id\":\"" + "i".repeat(65) + "\"}",
                                "too-long"),
                        new Malformed("{\"action\":\"register\",\"value\":\"Ann\",\"key\":\"short\"}", "invalid-key"),
                        new Malformed("{\"action\":\"new-room\",\"value\":\"a\\nb\"}", "control-character"))
                .map(malformed -> DynamicTest.dynamicTest(
                        "frame: " + malformed.frame.substring(0, Math.min(60, malformed.frame.length())),
                        () -> assertAnsweredWithError(malformed)));
    }

    private void assertAnsweredWithError(Malformed malformed) {
        try (WebSocketTestClient client = connect()) {
            client.sendText(malformed.frame);

            ReceivedFrame error = client.await("error");
            assertThat(error.string("code")).as("code").isIn(malformed.codes);
            assertThat(error.string("message")).isNotBlank();
            client.send("action", "join-room", "value", "nowhere", "id", "m-1");
            ReceivedFrame next = client.await("error");
            assertThat(next.fields())
                    .containsEntry("code", "not-registered")
                    .containsEntry("action", "join-room")
                    .containsEntry("room", "nowhere")
                    .containsEntry("id", "m-1");
        }
    }

    /** A frame, and the codes that its error frame may have. */
    private record Malformed(String frame, List<String> codes) {

        Malformed(String frame, String... codes) {
            this(frame, List.of(codes));
        }
    }

    @Test
    void unknownFieldsAreIgnoredAndNullOrEmptyFieldsCountAsAbsent() {
        String room = name("hall");
        String user = name("lab");
        WebSocketTestClient client = connect();

        client.sendText(
                "{\"action\":\"register\",\"value\":\"" + user + "\",\"room\":null,\"name\":null,\"key\":\"\"}");
        assertThat(client.await("signup").string("user")).isEqualTo(user);
        client.sendText("{\"action\":\"new-room\",\"value\":\"" + room + "\",\"room\":null,\"name\":\"other\"}");
        client.await("ack");
        client.sendText(
                "{\"action\":\"dispatch\",\"value\":\"one\\ntwo\",\"room\":\"\",\"id\":null,\"extra\":{\"a\":[1]}}");

        ReceivedFrame message = client.await("client-message");
        assertThat(message.string("user")).isEqualTo(user);
        assertThat(message.string("message")).isEqualTo("one\ntwo");
        assertThat(message.fields()).doesNotContainKey("id");
    }

    // --- load ---

    /** One member never reads while the others exchange more than a host can buffer. */
    @Test
    void memberThatStopsReadingDoesNotDelayTheOthers() {
        String room = name("hall");
        WebSocketTestClient ann = member("ann", room);
        WebSocketTestClient ben = member("ben", room);
        try (RawWebSocket stalled = RawWebSocket.connect(endpoint(), patience())) {
            stalled.sendText("{\"action\":\"register\",\"value\":\"" + name("stalled") + "\"}");
            stalled.readText("signup");
            stalled.sendText("{\"action\":\"join-room\",\"value\":\"" + room + "\"}");
            stalled.readText("multi-message");

            int messages = 6 * 1024 * 1024 / LONGEST_TEXT.getBytes(UTF_8).length;
            for (int i = 0; i < messages; i++) {
                WebSocketTestClient sender = i % 2 == 0 ? ann : ben;
                WebSocketTestClient recipient = i % 2 == 0 ? ben : ann;
                String id = "m" + i;
                sender.send("action", "dispatch", "room", room, "value", LONGEST_TEXT, "id", id);
                recipient.await(
                        "message " + id,
                        frame -> frame.is("client-message")
                                && id.equals(frame.fields().get("id")));
            }
        }
    }

    @Test
    void allOfTwoHundredMembersReceiveEveryMessageExactlyOnce() {
        int members = 200;
        int senders = 10;
        int messagesOfEach = 2;
        Conversation conversation = converse(members, senders, messagesOfEach);

        for (WebSocketTestClient member : conversation.members) {
            assertExactlyOnce(
                    "messages by seq",
                    conversation.seqs(),
                    conversation.messages(member).stream().map(ReceivedFrame::seq));
        }
    }

    // --- clients ---

    /** A new connection, which is ended after the test. */
    protected final WebSocketTestClient connect() {
        WebSocketTestClient client = WebSocketTestClient.connect(endpoint(), patience());
        synchronized (clients) {
            clients.add(client);
        }
        return client;
    }

    /** A new connection that registered a user name. */
    protected final WebSocketTestClient registered(String user) {
        WebSocketTestClient client = connect();
        client.send("action", "register", "value", user);
        client.await("signup");
        return client;
    }

    /** A new connection in a room, which it creates if it does not exist. The user has a new name. */
    protected final WebSocketTestClient member(String user, String room) {
        WebSocketTestClient client = registered(name(user));
        client.send("action", "new-room", "value", room);
        ReceivedFrame answer = client.await(
                "a response",
                frame -> frame.is("ack")
                        || (frame.is("error") && frame.string("code").equals("room-exists")));
        if (answer.is("error")) {
            join(client, room);
        }
        return client;
    }

    /** A name that no other test uses. */
    protected static String name(String base) {
        return base + "-" + RUN + "-" + Long.toString(NAMES.incrementAndGet(), 36);
    }

    private static ReceivedFrame join(WebSocketTestClient client, String room) {
        client.send("action", "join-room", "value", room);
        return client.await("the response to join-room", frame -> frame.is("multi-message") && frame.isOf(room));
    }

    private static void send(WebSocketTestClient client, String room, String text) {
        client.send("action", "dispatch", "room", room, "value", text);
    }

    // --- frames ---

    /** Fails with what is missing, what is there more than once, and what was not expected. */
    private static <T> void assertExactlyOnce(String description, List<T> expected, Stream<T> actual) {
        List<T> missing = new ArrayList<>(expected);
        List<T> unexpected = new ArrayList<>();
        List<T> repeated = new ArrayList<>();
        actual.forEach(value -> {
            if (!missing.remove(value)) {
                (expected.contains(value) ? repeated : unexpected).add(value);
            }
        });
        assertThat(missing.isEmpty() && repeated.isEmpty() && unexpected.isEmpty())
                .as("%s: missing %s, more than once %s, unexpected %s", description, missing, repeated, unexpected)
                .isTrue();
    }

    private static boolean isEvent(ReceivedFrame frame, String room) {
        return (frame.is("client-message") || frame.is("member-joined") || frame.is("member-left")) && frame.isOf(room);
    }

    private static boolean isNewRoom(ReceivedFrame frame, String room) {
        return frame.is("single-room") && room.equals(frame.fields().get("message"));
    }

    /** The rooms in a response to {@code register} and in the frames that continue it. */
    private List<Object> rooms(WebSocketTestClient client, ReceivedFrame signup) {
        List<Object> rooms = new ArrayList<>(signup.list("rooms"));
        // The continuation follows the response at once. The next response ends it.
        client.send("action", "leave-room");
        client.await("error");
        client.received().stream()
                .filter(frame -> frame.is("rooms"))
                .forEach(frame -> rooms.addAll(frame.list("rooms")));
        return rooms;
    }

    private static List<String> contents(ReceivedFrame page) {
        return page.objects("messages").stream()
                .map(message -> message.string("content"))
                .toList();
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private static Map<Long, String> texts(List<ReceivedFrame> messages) {
        Map<Long, String> texts = new TreeMap<>();
        messages.forEach(message -> texts.put(message.seq(), message.string("message")));
        return texts;
    }

    private static List<Long> consecutive(long first, int count) {
        return LongStream.range(first, first + count).boxed().toList();
    }

    // --- conversations ---

    private Conversation converse(int members, int messagesOfEach) {
        return converse(members, members, messagesOfEach);
    }

    /**
     * Members of a new room send messages, all at the same time and without waiting for responses. Returns when each member has
     * received as many messages as were sent, or the patience is over.
     */
    private Conversation converse(int members, int senders, int messagesOfEach) {
        String room = name("crowd");
        WebSocketTestClient creator = member("member", room);
        List<WebSocketTestClient> all = new ArrayList<>(List.of(creator));
        all.addAll(inParallel(members - 1, i -> {
            WebSocketTestClient client = registered(name("member"));
            join(client, room);
            return client;
        }));
        Conversation conversation = new Conversation(room, all, senders, messagesOfEach);
        inParallel(senders, sender -> {
            conversation
                    .idsOf(sender)
                    .forEach(id -> all.get(sender).send("action", "dispatch", "room", room, "value", id, "id", id));
            return sender;
        });
        conversation.awaitAll(System.nanoTime() + patience().toNanos());
        return conversation;
    }

    private <T> List<T> inParallel(int count, IntFunction<T> action) {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(16, Thread.ofVirtual().factory())) {
            List<Future<T>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                results.add(threads.submit(() -> action.apply(number)));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> result : results) {
                all.add(result.get(5, TimeUnit.MINUTES));
            }
            return all;
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed: " + e.getCause(), e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the clients did not get ready", e);
        }
    }

    /** A room whose members have received each other's messages. */
    private static final class Conversation {

        final String room;
        final List<WebSocketTestClient> members;
        final List<String> sent;
        private final int senders;
        private final int messagesOfEach;

        Conversation(String room, List<WebSocketTestClient> members, int senders, int messagesOfEach) {
            this.room = room;
            this.members = members;
            this.senders = senders;
            this.messagesOfEach = messagesOfEach;
            this.sent = IntStream.range(0, senders)
                    .boxed()
                    .flatMap(sender -> idsOf(sender).stream())
                    .toList();
        }

        /** The ids, and texts, of the messages of one sender. */
        List<String> idsOf(int sender) {
            return IntStream.range(0, messagesOfEach)
                    .mapToObj(message -> sender + "/" + message)
                    .toList();
        }

        List<String> sentBy(WebSocketTestClient member) {
            return idsOf(members.indexOf(member));
        }

        void awaitAll(long end) {
            for (WebSocketTestClient member : members) {
                member.awaitAtLeast(sent.size(), this::isMessage, end);
            }
            for (WebSocketTestClient sender : members.subList(0, senders)) {
                sender.awaitAtLeast(messagesOfEach, this::isAck, end);
            }
        }

        List<ReceivedFrame> messages(WebSocketTestClient member) {
            return member.received().stream().filter(this::isMessage).toList();
        }

        List<ReceivedFrame> acks(WebSocketTestClient member) {
            return member.received().stream().filter(this::isAck).toList();
        }

        private boolean isMessage(ReceivedFrame frame) {
            return frame.is("client-message") && frame.isOf(room);
        }

        private boolean isAck(ReceivedFrame frame) {
            return frame.is("ack") && frame.isOf(room) && hasId(frame);
        }

        /** The numbers of the messages: all members joined before. */
        List<Long> seqs() {
            return consecutive(members.size() + 1L, sent.size());
        }
    }
}
