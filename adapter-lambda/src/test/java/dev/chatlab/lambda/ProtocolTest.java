package dev.chatlab.lambda;

import static dev.chatlab.lambda.Functions.NOON;
import static dev.chatlab.lambda.Functions.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chatlab.application.ChatService;
import dev.chatlab.application.ResumeKeys;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.ReadModels.RegisteredUser;
import dev.chatlab.protocol.ErrorResponse;
import dev.chatlab.protocol.OutboundFrames;
import io.vavr.collection.HashMap;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wire protocol frame by frame: each request, its response, and the frames that other connections receive. */
class ProtocolTest {

    private final Functions functions = new Functions();

    @AfterEach
    void stop() {
        functions.close();
    }

    // --- register ---

    @Test
    void registerIsAnsweredWithNameOpenRoomsAndKey() {
        functions.connect("a");
        functions.connect("b");

        assertThat(functions.send(
                        "a", "register", "{'action':'register','value':'Ann','key':'%s'}".formatted(key("Ann"))))
                .isEqualTo(frame("{'type':'signup','user':'Ann','rooms':[],'key':'the-key-of-Ann-0123456789'}"));
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("a", "new-room", "{'action':'new-room','value':'attic'}");
        assertThat(functions.send("b", "register", "{'value':' Zoe\u0308 ','key':'%s'}".formatted(key("Zoe"))))
                .isEqualTo(
                        frame(
                                "{'type':'signup','user':'Zo\u00eb','rooms':['attic','hall'],'key':'the-key-of-Zoe-0123456789'}"));
        assertThat(functions.store().registered())
                .containsExactly(
                        new RegisteredUser(new UserName("Ann"), new ConnectionId("a")),
                        new RegisteredUser(new UserName("Zo\u00eb"), new ConnectionId("b")));
    }

    @Test
    void registerWithoutKeyIsAnsweredWithARandomOne() {
        functions.connect("a");
        functions.connect("b");

        String first = functions.send("a", "register", "{'action':'register','value':'Ann'}");
        String second = functions.send("b", "register", "{'action':'register','value':'Ben','key':null}");

        assertThat(first).matches(frame("\\{'type':'signup','user':'Ann','rooms':\\[],'key':'[A-Za-z0-9_-]{43}'}"));
        assertThat(second).matches(frame("\\{'type':'signup','user':'Ben','rooms':\\[],'key':'[A-Za-z0-9_-]{43}'}"));
        assertThat(first.substring(first.indexOf("key"))).isNotEqualTo(second.substring(second.indexOf("key")));
    }

    @Test
    void registerWithTheKeyTakesTheNameOverAndNotifiesTheOldConnection() {
        functions.connectAndRegister("a", "Ann");
        functions.connect("b");

        functions.send("b", "register", "{'action':'register','value':'Ann','key':'%s'}".formatted(key("Ann")));

        assertThat(functions.api.takeFrames("a"))
                .containsExactly(error("signed-in-elsewhere", ErrorResponse.SIGNED_IN_ELSEWHERE.message(), ""));
    }

    @Test
    void registerOfATakenNameWithoutItsKeyIsRejected() {
        functions.connectAndRegister("a", "Ann");
        functions.connect("b");

        assertThat(functions.send("b", "register", "{'action':'register','value':'Ann'}"))
                .isEqualTo(error(
                        "name-taken", new Rejection.NameTaken(new UserName("Ann")).message(), ",'action':'register'"));
    }

    @Test
    void roomsThatDoNotFitIntoTheResponseArePostedInFurtherFrames() {
        openRoomsWithLongNames();
        functions.connect("z");

        String signup = functions.send("z", "register", "{'action':'register','value':'Zoe'}");

        List<String> posted = functions.api.takeFrames("z");
        assertThat(posted)
                .hasSize(1)
                .allSatisfy(frame -> assertThat(frame)
                        .startsWith(frame("{'type':'rooms','rooms':['"))
                        .endsWith(frame("']}")));
        assertThat(entries("rooms", signup, posted))
                .isEqualTo(functions.store().openRooms().map(RoomName::value).asJava());
    }

    // --- new-room ---

    @Test
    void newRoomIsAnnouncedToAllRegisteredConnections() {
        functions.connectAndRegister("a", "Ann");
        functions.connectAndRegister("b", "Ben");
        functions.connect("unregistered");

        assertThat(functions.send("a", "new-room", "{'action':'new-room','value':' hall ','room':'ignored'}"))
                .isEqualTo(frame("{'type':'ack','action':'new-room','room':'hall','seq':1,'members':['Ann']}"));

        assertThat(functions.api.takeFrames("a")).containsExactly(frame("{'type':'single-room','message':'hall'}"));
        assertThat(functions.api.takeFrames("b")).containsExactly(frame("{'type':'single-room','message':'hall'}"));
        assertThat(functions.api.takeFrames("unregistered")).isEmpty();
    }

    @Test
    void errorRepeatsActionRoomAndIdOfTheRequest() {
        functions.connectAndRegister("a", "Ann");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");

        assertThat(functions.send("a", "new-room", "{'action':'new-room','value':' hall','room':'attic','id':'7'}"))
                .isEqualTo(error(
                        "room-exists",
                        new Rejection.RoomExists(new RoomName("hall")).message(),
                        ",'action':'new-room','room':'hall','id':'7'"));
        assertThat(functions.send("a", "dispatch", "{'action':'dispatch','value':'x','room':'attic','id':'8'}"))
                .isEqualTo(error(
                        "no-such-room",
                        new Rejection.NoSuchRoom(new RoomName("attic")).message(),
                        ",'action':'dispatch','room':'attic','id':'8'"));
    }

    // --- join-room ---

    @Test
    void joinIsAnsweredWithTheLastMessagesAndAnnouncedToTheOtherMembers() {
        functions.connectAndRegister("a", "Ann");
        functions.connectAndRegister("b", "Ben");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("a", "dispatch", "{'action':'dispatch','value':'one'}");
        functions.send("a", "dispatch", "{'action':'dispatch','value':'two','id':'i-2'}");
        functions.api.takeFrames("a");
        functions.api.takeFrames("b");

        assertThat(functions.send("b", "join-room", "{'action':'join-room','value':'hall'}"))
                .isEqualTo(frame("{'type':'multi-message','room':'hall','messages':["
                        + "{'user':'Ann','content':'one','time':'2026-06-01T12:00:00Z','seq':2},"
                        + "{'user':'Ann','content':'two','time':'2026-06-01T12:00:00Z','seq':3,'id':'i-2'}],"
                        + "'members':['Ann','Ben'],'seq':4,'more':false}"));

        assertThat(functions.api.takeFrames("a"))
                .containsExactly(frame(
                        "{'type':'member-joined','room':'hall','user':'Ben','seq':4,'time':'2026-06-01T12:00:00Z'}"));
        assertThat(functions.api.takeFrames("b")).isEmpty();
    }

    @Test
    void joinWithSinceIsAnsweredWithTheNextHundredMessagesAndWhetherThereAreMore() {
        functions.connectAndRegister("a", "Ann");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        IntStream.rangeClosed(1, 103)
                .forEach(i -> functions.send("a", "dispatch", "{'action':'dispatch','value':'m%d'}".formatted(i)));

        assertThat(functions.send("a", "join-room", "{'action':'join-room','value':'hall','since':103}"))
                .isEqualTo(frame("{'type':'multi-message','room':'hall','messages':["
                        + "{'user':'Ann','content':'m103','time':'2026-06-01T12:00:00Z','seq':104}],"
                        + "'members':['Ann'],'seq':104,'more':false}"));
        assertThat(functions.send("a", "join-room", "{'action':'join-room','value':'hall','since':0}"))
                .contains(frame("'content':'m1',"), frame("'content':'m100',"))
                .doesNotContain("m101")
                .endsWith(frame("'more':true}"));
        assertThat(functions.send("a", "join-room", "{'action':'join-room','value':'hall','since':null}"))
                .doesNotContain(frame("'m53'"))
                .contains(frame("'m54'"), frame("'m103'"))
                .endsWith(frame("'more':false}"));
    }

    @Test
    void membersThatDoNotFitIntoTheResponseArePostedInFurtherFrames() {
        openRoomsWithLongNames();
        functions.connectAndRegister("z", "Zoe");
        functions.api.takeFrames("z");

        String joined = functions.send("z", "join-room", "{'action':'join-room','value':'hall'}");

        List<String> posted = functions.api.takeFrames("z");
        assertThat(posted)
                .hasSize(1)
                .allSatisfy(frame -> assertThat(frame)
                        .startsWith(frame("{'type':'members','room':'hall','seq':121,'members':['"))
                        .endsWith(frame("']}")));
        assertThat(entries("members", joined, posted))
                .hasSize(121)
                .doesNotHaveDuplicates()
                .contains("Zoe", longName(0), longName(119));
    }

    // --- dispatch ---

    @Test
    void messageIsDeliveredToAllMembersAndToItsSender() {
        functions.connectAndRegister("a", "Ann");
        functions.connectAndRegister("b", "Ben");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("b", "join-room", "{'action':'join-room','value':'hall'}");
        functions.api.takeFrames("a");
        functions.api.takeFrames("b");

        assertThat(
                        functions.send(
                                "b",
                                "dispatch",
                                "{'action':'dispatch','value':'one\\r\\ntwo','room':'hall','id':'i-1','name':'Ann','else':{'x':[1]}}"))
                .isEqualTo(frame("{'type':'ack','action':'dispatch','room':'hall','seq':3,'id':'i-1'}"));

        String message = frame(
                "{'type':'client-message','room':'hall','user':'Ben','message':'one\\ntwo','seq':3,'time':'2026-06-01T12:00:00Z','id':'i-1'}");
        assertThat(functions.api.takeFrames("a")).containsExactly(message);
        assertThat(functions.api.takeFrames("b")).containsExactly(message);
    }

    @Test
    void messageWithoutRoomAndIdGoesToTheOnlyRoomOfItsSender() {
        functions.connectAndRegister("a", "Ann");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.api.takeFrames("a");

        assertThat(functions.send("a", "dispatch", "{'action':'dispatch','value':'hi','room':'','id':null}"))
                .isEqualTo(frame("{'type':'ack','action':'dispatch','room':'hall','seq':2}"));
        assertThat(functions.api.takeFrames("a"))
                .containsExactly(
                        frame(
                                "{'type':'client-message','room':'hall','user':'Ann','message':'hi','seq':2,'time':'2026-06-01T12:00:00Z'}"));
    }

    @Test
    void messageSentTwiceWithOneIdHasTheSameResponseAndIsDeliveredOnce() {
        functions.connectAndRegister("a", "Ann");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.api.takeFrames("a");
        String message = "{'action':'dispatch','value':'hi','room':'hall','id':'i-1'}";

        String first = functions.send("a", "dispatch", message);

        assertThat(functions.send("a", "dispatch", message))
                .isEqualTo(first)
                .isEqualTo(frame("{'type':'ack','action':'dispatch','room':'hall','seq':2,'id':'i-1'}"));
        assertThat(functions.api.takeFrames("a")).hasSize(1);
    }

    // --- leave-room ---

    @Test
    void leaveIsAnnouncedToTheMembersAndTheClosedRoomToAllRegisteredConnections() {
        functions.connectAndRegister("a", "Ann");
        functions.connectAndRegister("b", "Ben");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("b", "join-room", "{'action':'join-room','value':'hall'}");
        functions.api.takeFrames("a");
        functions.api.takeFrames("b");

        assertThat(functions.send("a", "leave-room", "{'action':'leave-room','room':'hall'}"))
                .isEqualTo(frame("{'type':'ack','action':'leave-room','room':'hall'}"));
        assertThat(functions.api.takeFrames("a")).isEmpty();
        assertThat(functions.api.takeFrames("b"))
                .containsExactly(frame(
                        "{'type':'member-left','room':'hall','user':'Ann','seq':3,'time':'2026-06-01T12:00:00Z'}"));

        assertThat(functions.send("b", "leave-room", "{'action':'leave-room'}"))
                .isEqualTo(frame("{'type':'ack','action':'leave-room','room':'hall'}"));
        assertThat(functions.api.takeFrames("a")).containsExactly(frame("{'type':'delete-room','room':'hall'}"));
        assertThat(functions.api.takeFrames("b")).containsExactly(frame("{'type':'delete-room','room':'hall'}"));
    }

    // --- connections ---

    @Test
    void sessionOpensWithTheConnectionAndEndsWithIt() {
        var connected = functions.handle("$connect", functions.event("a", "CONNECT", "$connect"));
        var disconnected = functions.handle("$disconnect", functions.event("a", "DISCONNECT", "$disconnect"));

        assertThat(Stream.of(connected, disconnected)).allSatisfy(response -> {
            assertThat(response.getStatusCode()).isEqualTo(200);
            assertThat(response.getBody()).isEqualTo(frame("{'type':'ack'}"));
        });
        assertThat(functions.store().read(StreamId.of(new ConnectionId("a")), 0))
                .hasExactlyElementsOfTypes(ChatEvent.Connected.class, ChatEvent.Disconnected.class);
    }

    @Test
    void sessionsOfGoneConnectionsEnd() {
        functions.connectAndRegister("a", "Ann");
        functions.connectAndRegister("b", "Ben");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("b", "join-room", "{'action':'join-room','value':'hall'}");
        functions.api.takeFrames("a");
        functions.api.respondWith(FakeConnectionsApi.Response.GONE);

        functions.send("a", "dispatch", "{'action':'dispatch','value':'hello'}");

        assertThat(functions.store().registered()).isEmpty();
        assertThat(functions.store().openRooms()).isEmpty();
    }

    @Test
    void eventsWithoutRecipientsHaveNoFrame() {
        functions.connectAndRegister("a", "Ann");

        assertThat(functions.store().read(StreamId.of(new ConnectionId("a")), 0))
                .hasExactlyElementsOfTypes(ChatEvent.Connected.class, ChatEvent.UserRegistered.class)
                .allSatisfy(event -> assertThatIllegalArgumentException().isThrownBy(() -> OutboundFrames.of(event)));
    }

    // --- failures ---

    @Test
    void storeThatCannotBeOpenedIsAnInternalError() {
        try (var failing = new Functions(Map.of("CHAT_STORE", "failing"))) {
            var message = failing.event("a", "MESSAGE", "new-room");
            message.setBody(frame("{'action':'new-room','value':'hall','id':'7'}"));
            message.setStageVariables(Map.of(FailingStore.UNUSABLE, "true"));
            var handshake = failing.event("a", "CONNECT", "$connect");
            handshake.setStageVariables(Map.of(FailingStore.UNUSABLE, "true"));

            assertThat(failing.handle("new-room", message)).satisfies(response -> {
                assertThat(response.getStatusCode()).isEqualTo(200);
                assertThat(response.getBody())
                        .isEqualTo(error(
                                "internal",
                                ErrorResponse.INTERNAL.message(),
                                ",'action':'new-room','room':'hall','id':'7'"));
            });
            assertThat(failing.handle("$connect", handshake).getStatusCode()).isEqualTo(500);
        }
    }

    @Test
    void storeThatFailsIsAnInternalError() {
        try (var failing = new Functions(Map.of("CHAT_STORE", "failing"))) {
            failing.connectAndRegister("a", "Ann");
            failing.send("a", "new-room", "{'action':'new-room','value':'hall'}");
            failing.send("a", "dispatch", "{'action':'dispatch','value':'stored at the third attempt'}");

            assertThat(failing.send("a", "dispatch", "{'action':'dispatch','value':'x','room':'hall','id':'8'}"))
                    .isEqualTo(error(
                            "internal",
                            ErrorResponse.INTERNAL.message(),
                            ",'action':'dispatch','room':'hall','id':'8'"));
        }
    }

    // --- frames ---

    /** A frame in which {@code '} stands for {@code "}. */
    private static String frame(String text) {
        return text.replace('\'', '"');
    }

    /** An error frame. Its message may change between versions, so it comes from the code. */
    private static String error(String code, String message, String more) {
        return frame("{'type':'error','code':'%s','message':'".formatted(code)) + message + frame("'" + more + "}");
    }

    /** Opens the room hall with 120 members who have the longest possible names, and 120 rooms with such names. */
    private void openRoomsWithLongNames() {
        var service = new ChatService(functions.store(), (event, recipients) -> HashMap.empty());
        for (int i = 0; i < 120; i++) {
            var connection = new ConnectionId("c" + i);
            var hall = new RoomName("hall");
            Stream.<ChatCommand>of(
                            new ChatCommand.Connect(connection, Option.none(), NOON),
                            new ChatCommand.RegisterUser(
                                    connection, new UserName(longName(i)), ResumeKeys.random(), NOON),
                            i == 0
                                    ? new ChatCommand.CreateRoom(connection, hall, NOON)
                                    : new ChatCommand.JoinRoom(connection, hall, NOON),
                            new ChatCommand.CreateRoom(connection, new RoomName(longName(i)), NOON))
                    .forEach(service::handle);
        }
    }

    /** A unique name of 32 characters that each take four bytes, except for three digits. */
    private static String longName(int i) {
        return "\ud83e\udd80".repeat(29) + "%03d".formatted(i);
    }

    /** The entries of a list in the response and in the frames that continue it. */
    private static List<Object> entries(String field, String response, List<String> continuation) {
        List<Object> entries = new ArrayList<>();
        Stream.concat(Stream.of(response), continuation.stream())
                .forEach(frame -> entries.addAll(
                        (List<?>) Objects.requireNonNull(Json.object(frame).get(field))));
        return entries;
    }
}
