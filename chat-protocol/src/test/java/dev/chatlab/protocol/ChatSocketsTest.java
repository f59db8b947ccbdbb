package dev.chatlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.ServiceSettings;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.Gateway.Delivery;
import dev.chatlab.ports.ReadModels;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChatSocketsTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String KEY = "0123456789abcdef";
    private static final ServiceSettings SHORT_DEADLINE =
            new ServiceSettings(Duration.ofMillis(100), Duration.ofMillis(1), Duration.ofMillis(5), 4, true);
    private static final ChatPolicy MANY_ROOMS = ChatPolicy.DEFAULT.withMaxRoomsPerConnection(1_000);

    private final SwitchableStore store = new SwitchableStore();
    private final Host host = new Host();
    private ChatSockets sockets = sockets(SHORT_DEADLINE);

    // --- the protocol ---

    @Test
    void conversationOfTwoClientsHasTheFramesOfTheWireProtocol() {
        open("ann");
        receive("ann", "{'action':'register','value':'Ann','key':'" + KEY + "'}");
        receive("ann", "{'action':'new-room','value':'hall'}");
        open("ben");
        receive("ben", "{'action':'register','value':'Ben','key':'" + KEY + "'}");
        receive("ben", "{'action':'join-room','value':'hall'}");
        receive("ben", "{'action':'dispatch','value':'Good morning','room':'hall','id':'m-1'}");
        receive("ann", "{'action':'dispatch','value':'Hello'}");
        receive("ben", "{'action':'join-room','value':'hall','since':0}");
        receive("ben", "{'action':'leave-room','room':'hall'}");
        receive("ann", "{'action':'leave-room'}");

        assertThat(host.sentTo("ann"))
                .containsExactly(
                        json("{'type':'signup','user':'Ann','rooms':[],'key':'" + KEY + "'}"),
                        json("{'type':'single-room','message':'hall'}"),
                        json("{'type':'ack','action':'new-room','room':'hall','seq':1,'members':['Ann']}"),
                        json(
                                "{'type':'member-joined','room':'hall','user':'Ben','seq':2,'time':'2026-06-01T12:00:00Z'}"),
                        json("{'type':'client-message','room':'hall','user':'Ben','message':'Good morning','seq':3,"
                                + "'time':'2026-06-01T12:00:00Z','id':'m-1'}"),
                        json("{'type':'client-message','room':'hall','user':'Ann','message':'Hello','seq':4,"
                                + "'time':'2026-06-01T12:00:00Z'}"),
                        json("{'type':'ack','action':'dispatch','room':'hall','seq':4}"),
                        json("{'type':'member-left','room':'hall','user':'Ben','seq':5,'time':'2026-06-01T12:00:00Z'}"),
                        json("{'type':'delete-room','room':'hall'}"),
                        json("{'type':'ack','action':'leave-room','room':'hall'}"));
        assertThat(host.sentTo("ben"))
                .containsExactly(
                        json("{'type':'signup','user':'Ben','rooms':['hall'],'key':'" + KEY + "'}"),
                        json("{'type':'multi-message','room':'hall','messages':[],'members':['Ann','Ben'],'seq':2,"
                                + "'more':false}"),
                        json("{'type':'client-message','room':'hall','user':'Ben','message':'Good morning','seq':3,"
                                + "'time':'2026-06-01T12:00:00Z','id':'m-1'}"),
                        json("{'type':'ack','action':'dispatch','room':'hall','seq':3,'id':'m-1'}"),
                        json("{'type':'client-message','room':'hall','user':'Ann','message':'Hello','seq':4,"
                                + "'time':'2026-06-01T12:00:00Z'}"),
                        json("{'type':'multi-message','room':'hall','messages':["
                                + "{'user':'Ben','content':'Good morning','time':'2026-06-01T12:00:00Z','seq':3,'id':'m-1'},"
                                + "{'user':'Ann','content':'Hello','time':'2026-06-01T12:00:00Z','seq':4}],"
                                + "'members':['Ann','Ben'],'seq':4,'more':false}"),
                        json("{'type':'ack','action':'leave-room','room':'hall'}"),
                        json("{'type':'delete-room','room':'hall'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "not JSON; malformed",
                "[1,2]; malformed",
                "null; malformed",
                "\"\"; unknown-action",
                "{}; unknown-action",
                "{'action':7}; unknown-action",
                "{'action':'nonsense'}; unknown-action",
                "{'action':'dispatch'}; malformed",
                "{'action':'dispatch','value':5}; malformed",
                "{'action':'join-room','value':'x','since':-1}; malformed",
                "{'action':'dispatch','value':''}; blank",
                "{'action':'register','value':'Ann','key':'short'}; invalid-key",
                "{'action':'new-room','value':'hall'}; not-registered"
            })
    void frameThatCannotBeExecutedIsAnsweredWithOneErrorFrame(String frame, String code) {
        open("ann");

        receive("ann", frame);

        assertThat(host.sentTo("ann")).hasSize(1);
        assertThat(fields(host.sentTo("ann").getFirst()))
                .containsEntry("type", "error")
                .containsEntry("code", code)
                .containsKey("message");
    }

    @Test
    void frameOfConnectionThatWasNotOpenedIsAnsweredWithNotConnected() {
        receive("stranger", "{'action':'register','value':'Ann'}");

        assertThat(host.codesSentTo("stranger")).containsExactly("not-connected");
    }

    @Test
    void resumeKeyTakesTheNameOverAndTheOldConnectionIsNotified() {
        registered("old", "Ann");
        open("new");
        receive("new", "{'action':'register','value':'Ann','key':'" + KEY + "'}");

        assertThat(host.typesSentTo("new")).containsExactly("signup");
        assertThat(host.codesSentTo("old")).containsExactly("signed-in-elsewhere");
        sockets.closed(id("old"));
        assertThat(registeredConnections()).containsExactly(id("new"));
    }

    @Test
    void listThatDoesNotFitIntoTheResponseContinuesInFramesAfterIt() {
        registered("ann", "Ann");
        int rooms = 300;
        for (int i = 0; i < rooms; i++) {
            receive("ann", "{'action':'new-room','value':'" + "\ud83e\udd80".repeat(28) + i + "'}");
        }
        open("ben");
        receive("ben", "{'action':'register','value':'Ben'}");

        assertThat(host.typesSentTo("ben"))
                .startsWith("signup", "rooms", "rooms")
                .containsOnly("signup", "rooms");
        assertThat(host.sentTo("ben").stream().flatMap(frame -> ((List<?>) field(fields(frame), "rooms")).stream()))
                .hasSize(rooms)
                .doesNotHaveDuplicates();
    }

    @Test
    void identityOfTheHostIsStoredWithTheSession() {
        Identity identity = new Identity("arn:example:ann");

        sockets.opened(id("ann"), Option.some(identity));

        assertThat(session("ann").get().identity()).isEqualTo(Option.some(identity));
    }

    // --- sending ---

    @Test
    void eventIsEncodedOnceForAllRecipients() {
        registered("ann", "Ann");
        receive("ann", "{'action':'new-room','value':'hall'}");
        int members = 20;
        for (int i = 1; i < members; i++) {
            registered("p" + i, "p" + i);
            receive("p" + i, "{'action':'join-room','value':'hall'}");
        }
        host.clear();

        receive("ann", "{'action':'dispatch','value':'hello'}");

        IdentityHashMap<String, String> instances = new IdentityHashMap<>();
        List<String> sent = host.frames.values().stream()
                .flatMap(List::stream)
                .filter(frame -> frame.contains("client-message"))
                .toList();
        sent.forEach(frame -> instances.put(frame, frame));
        assertThat(sent).hasSize(members);
        assertThat(instances).hasSize(1);
    }

    @Test
    void framesOfRoomAndResponsesAreSentInOrderToEachConnection() {
        sockets = sockets(ServiceSettings.DEFAULT); // The senders wait for each other.
        int senders = 6;
        int messages = 20;
        for (int i = 0; i < senders; i++) {
            registered("p" + i, "p" + i);
            receive("p" + i, i == 0 ? "{'action':'new-room','value':'hall'}" : "{'action':'join-room','value':'hall'}");
        }
        host.clear();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < senders; i++) {
                String sender = "p" + i;
                threads.execute(() -> {
                    for (int message = 0; message < messages; message++) {
                        receive(sender, "{'action':'dispatch','value':'m" + message + "'}");
                    }
                });
            }
        }

        List<Long> seqs = LongStream.rangeClosed(senders + 1, senders + senders * messages)
                .boxed()
                .toList();
        for (int i = 0; i < senders; i++) {
            List<Long> events = new ArrayList<>();
            int acks = 0;
            for (String frame : host.sentTo("p" + i)) {
                Map<String, Object> fields = fields(frame);
                long seq = ((Number) field(fields, "seq")).longValue();
                if (field(fields, "type").equals("ack")) {
                    acks++;
                    assertThat(events)
                            .as("the ack follows its own event")
                            .last()
                            .isEqualTo(seq);
                } else {
                    events.add(seq);
                }
            }
            assertThat(events).isEqualTo(seqs);
            assertThat(acks).isEqualTo(messages);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXCEPTION", "ERROR"})
    void senderThatThrowsDoesNotKeepTheFrameFromOthersNorDisconnectTheConnection(Thrown thrown) {
        annAndBenInTheHall();
        host.broken.put(id("ben"), thrown);

        receive("ann", "{'action':'dispatch','value':'hello'}");
        receive("ben", "{'action':'dispatch','value':'hello'}");

        assertThat(host.typesSentTo("ann")).containsExactly("client-message", "ack", "client-message");
        assertThat(registeredConnections()).containsExactly(id("ann"), id("ben"));
    }

    @Test
    void outcomesOfDeliveryAreByConnection() {
        open("ann");
        open("ben");
        open("closed");
        host.broken.put(id("ben"), Thrown.EXCEPTION);
        sockets.closed(id("closed"));
        ChatEvent event = new ChatEvent.MessageSent(
                new RoomName("hall"),
                1,
                2,
                id("ann"),
                new UserName("Ann"),
                new MessageText("hello"),
                Option.none(),
                NOON);

        var outcomes = sockets.deliver(
                event, HashSet.of("ann", "ben", "closed", "of-another-process").map(ChatSocketsTest::id));

        assertThat(outcomes)
                .isEqualTo(HashMap.of(
                        id("ben"),
                        Delivery.FAILED,
                        id("closed"),
                        Delivery.ELSEWHERE,
                        id("of-another-process"),
                        Delivery.ELSEWHERE));
    }

    @Test
    void connectionOfAnotherProcessStaysRegistered() {
        annAndBenInTheHall();
        ChatSockets otherProcess = new ChatSockets(gateway -> new ChatService(store, gateway), host);
        otherProcess.opened(id("cat"), Option.none());
        otherProcess.received(id("cat"), "{\"action\":\"register\",\"value\":\"Cat\"}");
        otherProcess.received(id("cat"), "{\"action\":\"join-room\",\"value\":\"hall\"}");
        host.clear();

        receive("ann", "{'action':'dispatch','value':'hello'}");

        assertThat(host.typesSentTo("ben")).containsExactly("client-message");
        assertThat(host.sentTo("cat")).isEmpty();
        assertThat(registeredConnections()).contains(id("cat"));
    }

    /** A host closes a connection whose queue is full while a frame is passed to it. */
    @Test
    void connectionThatTheSenderClosesIsDisconnectedAndTheRoomGoesOn() {
        annAndBenInTheHall();
        host.broken.put(id("ben"), Thrown.CLOSED);

        receive("ann", "{'action':'dispatch','value':'hello'}");
        receive("ann", "{'action':'dispatch','value':'hello again'}");

        assertThat(host.typesSentTo("ann"))
                .containsExactly("client-message", "ack", "member-left", "client-message", "ack");
        assertThat(registeredConnections()).containsExactly(id("ann"));
    }

    // --- closing ---

    @Test
    void closedConnectionLeavesItsRoomsAndReceivesNothingMore() {
        annAndBenInTheHall();

        sockets.closed(id("ben"));
        receive("ann", "{'action':'dispatch','value':'hello'}");

        assertThat(host.typesSentTo("ann")).containsExactly("member-left", "client-message", "ack");
        assertThat(host.sentTo("ben")).isEmpty();
        assertThat(session("ben")).isEmpty();
    }

    @Test
    void secondCloseDoesNothing() {
        annAndBenInTheHall();

        sockets.closed(id("ben"));
        sockets.closed(id("ben"));
        sockets.closed(id("never-opened"));

        assertThat(host.typesSentTo("ann")).containsExactly("member-left");
    }

    // --- a store that fails ---

    @ParameterizedTest
    @EnumSource(names = {"APPENDS", "ANSWERS"})
    void openedThrowsIfTheSessionIsNotKnownToBeStored(SwitchableStore.Failure failure) {
        store.failure = failure;

        assertThatThrownBy(() -> open("ann")).isInstanceOf(StoreException.class);
    }

    @Test
    void sessionThatWasStoredAlthoughOpenedThrewEndsWithALaterCall() {
        store.failure = SwitchableStore.Failure.ANSWERS;
        assertThatThrownBy(() -> open("ann")).isInstanceOf(StoreException.class);
        assertThat(session("ann")).isNotEmpty();
        store.failure = SwitchableStore.Failure.NONE;

        open("ben");

        assertThat(session("ann")).isEmpty();
        assertThat(session("ben")).isNotEmpty();
    }

    @Test
    void frameIsAnsweredWithInternalIfTheStoreFails() {
        annAndBenInTheHall();
        store.failure = SwitchableStore.Failure.APPENDS;

        receive("ann", "{'action':'dispatch','value':'hello','id':'m-1'}");

        assertThat(host.codesSentTo("ann")).containsExactly("internal");
        assertThat(fields(host.sentTo("ann").getFirst())).containsEntry("id", "m-1");
    }

    @Test
    void frameIsAnsweredWithBusyIfTheOutcomeStaysUnknown() {
        annAndBenInTheHall();
        store.failure = SwitchableStore.Failure.ANSWERS;

        receive("ann", "{'action':'dispatch','value':'hello'}");

        assertThat(host.codesSentTo("ann")).containsExactly("busy");
    }

    @Test
    void joinIsAnsweredOnceIfItsHistoryCannotBeRead() {
        annAndBenInTheHall();
        store.failure = SwitchableStore.Failure.HISTORY;

        receive("ben", "{'action':'join-room','value':'hall'}");

        assertThat(host.codesSentTo("ben")).containsExactly("internal");
    }

    @Test
    void connectionClosedWhileTheStoreFailsIsDisconnectedByTheNextDelivery() {
        annAndBenInTheHall();
        store.failure = SwitchableStore.Failure.APPENDS;
        assertThatCode(() -> sockets.closed(id("ben"))).doesNotThrowAnyException();
        store.failure = SwitchableStore.Failure.NONE;

        receive("ann", "{'action':'dispatch','value':'hello'}");

        assertThat(host.sentTo("ben")).isEmpty();
        assertThat(session("ben")).isEmpty();
        assertThat(registeredConnections()).containsExactly(id("ann"));
    }

    @ParameterizedTest
    @EnumSource(names = {"APPENDS", "ANSWERS"})
    void connectionsClosedWhileTheStoreFailsAreDisconnectedByLaterCalls(SwitchableStore.Failure failure) {
        annAndBenInTheHall();
        store.failure = failure;
        sockets.closed(id("ann"));
        sockets.closed(id("ben"));
        store.failure = SwitchableStore.Failure.NONE;

        open("cat");
        sockets.closed(id("cat"));

        assertThat(registeredConnections()).isEmpty();
        assertThat(store.openRooms()).isEmpty();
        assertThat(sockets.sessionsToEnd()).isZero();
    }

    @Test
    void laterCallsSucceedWhileSessionsCannotBeEnded() {
        annAndBenInTheHall();
        store.failure = SwitchableStore.Failure.APPENDS;
        sockets.closed(id("ann"));
        sockets.closed(id("ben"));

        assertThat(sockets.sessionsToEnd()).isEqualTo(2);
        assertThat(registeredConnections()).hasSize(2);
    }

    // --- set-up ---

    private ChatSockets sockets(ServiceSettings settings) {
        return new ChatSockets(
                gateway -> new ChatService(store, gateway, MANY_ROOMS, settings, ChatObserver.NONE),
                host,
                InstantSource.fixed(NOON));
    }

    private void annAndBenInTheHall() {
        registered("ann", "Ann");
        receive("ann", "{'action':'new-room','value':'hall'}");
        registered("ben", "Ben");
        receive("ben", "{'action':'join-room','value':'hall'}");
        host.clear();
    }

    private void registered(String connection, String user) {
        open(connection);
        receive(connection, "{'action':'register','value':'" + user + "','key':'" + KEY + "'}");
        host.clear();
    }

    private void open(String connection) {
        sockets.opened(id(connection), Option.none());
    }

    private void receive(String connection, String frame) {
        sockets.received(id(connection), json(frame));
    }

    /** JSON with single quotes, which are easier to read in Java, as JSON. */
    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    private static ConnectionId id(String connection) {
        return new ConnectionId(connection);
    }

    private Option<dev.chatlab.domain.Session> session(String connection) {
        return store.load(HashSet.of(StreamId.of(id(connection))), Consistency.STRICT)
                .chat()
                .sessions()
                .get(id(connection));
    }

    private List<ConnectionId> registeredConnections() {
        return store.registered().map(ReadModels.RegisteredUser::connection).asJava();
    }

    private static Object field(Map<String, Object> fields, String name) {
        return Objects.requireNonNull(fields.get(name), name);
    }

    private static Map<String, Object> fields(String frame) {
        try {
            return JSON.std.mapFrom(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    enum Thrown {
        EXCEPTION,
        ERROR,
        /** Nothing: the host closes the connection. */
        CLOSED
    }

    /** Records what each connection is sent. */
    private final class Host implements ChatSockets.Sender {

        final Map<ConnectionId, List<String>> frames = new ConcurrentHashMap<>();
        final Map<ConnectionId, Thrown> broken = new ConcurrentHashMap<>();

        @Override
        public void send(ConnectionId connection, String frame) {
            switch (broken.get(connection)) {
                case EXCEPTION -> throw new IllegalStateException("not writable");
                case ERROR -> throw new NoClassDefFoundError("of the host");
                case CLOSED -> sockets.closed(connection);
                case null ->
                    frames.computeIfAbsent(connection, key -> new CopyOnWriteArrayList<>())
                            .add(frame);
            }
        }

        void clear() {
            frames.clear();
        }

        List<String> sentTo(String connection) {
            return frames.getOrDefault(id(connection), List.of());
        }

        List<Object> typesSentTo(String connection) {
            return sentTo(connection).stream()
                    .map(frame -> fields(frame).get("type"))
                    .toList();
        }

        List<Object> codesSentTo(String connection) {
            return sentTo(connection).stream()
                    .map(frame -> fields(frame).get("code"))
                    .toList();
        }
    }
}
