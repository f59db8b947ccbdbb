package dev.chatlab.lambda;

import static dev.chatlab.lambda.Functions.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.ReadModels.RegisteredUser;
import dev.chatlab.protocol.OutboundFrames;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wire protocol, frame by frame: what may be asked, what is answered, what others are told. */
class ProtocolTest {

    private final Functions functions = new Functions();

    @AfterEach
    void stop() {
        functions.close();
    }

    // --- register ---

    @Test
    void registerIsAnsweredWithWhatThereIs() {
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
    void whoeverHasNoKeyIsGivenOne() {
        functions.connect("a");
        functions.connect("b");

        String first = functions.send("a", "register", "{'action':'register','value':'Ann'}");
        String second = functions.send("b", "register", "{'action':'register','value':'Ben','key':null}");

        assertThat(first).matches(frame("\\{'type':'signup','user':'Ann','rooms':\\[],'key':'[A-Za-z0-9_-]{43}'}"));
        assertThat(second).matches(frame("\\{'type':'signup','user':'Ben','rooms':\\[],'key':'[A-Za-z0-9_-]{43}'}"));
        assertThat(first.substring(first.indexOf("key"))).isNotEqualTo(second.substring(second.indexOf("key")));
    }

    @Test
    void whoeverHasTheKeyTakesTheNameOverAndTheOtherIsTold() {
        functions.arrives("a", "Ann");
        functions.connect("b");

        functions.send("b", "register", "{'action':'register','value':'Ann','key':'%s'}".formatted(key("Ann")));

        assertThat(functions.api.takeFrames("a"))
                .containsExactly(
                        frame(
                                "{'type':'error','code':'signed-in-elsewhere','message':'You go on in another window. This one is signed out.'}"));
    }

    @Test
    void whoeverHasNotIsToldThatTheNameIsTaken() {
        functions.arrives("a", "Ann");
        functions.connect("b");

        assertThat(functions.send("b", "register", "{'action':'register','value':'Ann'}"))
                .isEqualTo(frame(
                        "{'type':'error','code':'name-taken','message':'The name Ann is taken.','action':'register'}"));
    }

    // --- new-room ---

    @Test
    void everyoneHearsOfANewRoom() {
        functions.arrives("a", "Ann");
        functions.arrives("b", "Ben");
        functions.connect("nobody");

        assertThat(functions.send("a", "new-room", "{'action':'new-room','value':' hall ','room':'ignored'}"))
                .isEqualTo(frame("{'type':'ack','action':'new-room','room':'hall','seq':1,'members':['Ann']}"));

        assertThat(functions.api.takeFrames("a")).containsExactly(frame("{'type':'single-room','message':'hall'}"));
        assertThat(functions.api.takeFrames("b")).containsExactly(frame("{'type':'single-room','message':'hall'}"));
        assertThat(functions.api.takeFrames("nobody")).isEmpty();
    }

    @Test
    void aRefusalNamesWhatWasAsked() {
        functions.arrives("a", "Ann");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");

        assertThat(functions.send("a", "new-room", "{'action':'new-room','value':' hall','room':'attic','id':'7'}"))
                .isEqualTo(
                        frame(
                                "{'type':'error','code':'room-exists','message':'The room hall already exists.','action':'new-room','room':'hall','id':'7'}"));
        assertThat(functions.send("a", "dispatch", "{'action':'dispatch','value':'x','room':'attic','id':'8'}"))
                .isEqualTo(
                        frame(
                                "{'type':'error','code':'no-such-room','message':'There is no room attic.','action':'dispatch','room':'attic','id':'8'}"));
    }

    // --- join-room ---

    @Test
    void whoeverJoinsSeesWhatWasSaidAndTheOthersHearOfIt() {
        functions.arrives("a", "Ann");
        functions.arrives("b", "Ben");
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
    void sinceTellsWhatWasMissedAndMoreThatThereIsMore() {
        functions.arrives("a", "Ann");
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

    // --- dispatch ---

    @Test
    void everyMemberHearsAMessageTheSenderToo() {
        functions.arrives("a", "Ann");
        functions.arrives("b", "Ben");
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

        String told = frame(
                "{'type':'client-message','room':'hall','user':'Ben','message':'one\\ntwo','seq':3,'time':'2026-06-01T12:00:00Z','id':'i-1'}");
        assertThat(functions.api.takeFrames("a")).containsExactly(told);
        assertThat(functions.api.takeFrames("b")).containsExactly(told);
    }

    @Test
    void aMessageNeedsNeitherRoomNorId() {
        functions.arrives("a", "Ann");
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
    void aMessageSentTwiceIsAnsweredAlikeAndToldOnce() {
        functions.arrives("a", "Ann");
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
    void whoStaysHearsWhoLeavesAndEveryoneThatTheRoomIsGone() {
        functions.arrives("a", "Ann");
        functions.arrives("b", "Ben");
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

    // --- the connection itself ---

    @Test
    void aConnectionOpensAndCloses() {
        assertThat(functions
                        .handle("$connect", functions.event("a", "CONNECT", "$connect"))
                        .getStatusCode())
                .isEqualTo(200);
        assertThat(functions
                        .handle("$disconnect", functions.event("a", "DISCONNECT", "$disconnect"))
                        .getStatusCode())
                .isEqualTo(200);
        assertThat(functions.store().read(StreamId.of(new ConnectionId("a")), 0))
                .hasExactlyElementsOfTypes(ChatEvent.Connected.class, ChatEvent.Disconnected.class);
    }

    @Test
    void whoIsFoundGoneHasLeft() {
        functions.arrives("a", "Ann");
        functions.arrives("b", "Ben");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("b", "join-room", "{'action':'join-room','value':'hall'}");
        functions.api.takeFrames("a");
        functions.api.answers(ConnectionsApi.Answer.GONE);

        functions.send("a", "dispatch", "{'action':'dispatch','value':'anybody?'}");

        assertThat(functions.store().registered()).isEmpty();
        assertThat(functions.store().openRooms()).isEmpty();
    }

    @Test
    void nobodyIsToldOfWhatConcernsNobodyElse() {
        functions.arrives("a", "Ann");

        assertThat(functions.store().read(StreamId.of(new ConnectionId("a")), 0))
                .hasExactlyElementsOfTypes(ChatEvent.Connected.class, ChatEvent.UserRegistered.class)
                .allSatisfy(event -> assertThatIllegalArgumentException().isThrownBy(() -> OutboundFrames.of(event)));
    }

    /** A frame as it is sent; {@code '} stands for {@code "}. */
    private static String frame(String text) {
        return text.replace('\'', '"');
    }
}
