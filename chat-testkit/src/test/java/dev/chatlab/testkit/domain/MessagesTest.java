package dev.chatlab.testkit.domain;

import static dev.chatlab.testkit.Story.closed;
import static dev.chatlab.testkit.Story.given;
import static dev.chatlab.testkit.TestClient.ANN;
import static dev.chatlab.testkit.TestClient.BOB;
import static dev.chatlab.testkit.TestClient.CAT;
import static dev.chatlab.testkit.TestClient.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.testkit.Story;
import dev.chatlab.testkit.TestClient;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** SendMessage: only members send, every event has a number, and a message that is sent twice with one id is stored once. */
class MessagesTest {

    private static final RoomName HALL = new RoomName("hall");
    private static final ClientMessageId ID = new ClientMessageId("id");

    @Test
    void messageFromAConnectionOutsideTheRoomIsRejected() {
        given(ANN, BOB)
                .and(ANN.created("hall", 1))
                .when(BOB.say("hall", "let me in"))
                .then(new Rejection.NotAMember(HALL))
                .when(BOB.say("attic", "hello"))
                .then(new Rejection.NoSuchRoom(new RoomName("attic")))
                .when(BOB.join("hall"))
                .then(BOB.joined("hall", 1, 2))
                .when(BOB.say("hall", "hello"))
                .then(BOB.said("hall", 1, 3, "hello"))
                .when(BOB.leave("hall"))
                .then(BOB.left("hall", 1, 4))
                .when(BOB.say("hall", "one more thing"))
                .then(new Rejection.NotAMember(HALL));
    }

    @Test
    void eachRoomNumbersItsOwnEvents() {
        given(ANN)
                .and(ANN.created("hall", 1), ANN.created("attic", 1))
                .when(ANN.say("hall", "one"))
                .then(ANN.said("hall", 1, 2, "one"))
                .when(ANN.say("attic", "one"))
                .then(ANN.said("attic", 1, 2, "one"))
                .when(ANN.say("hall", "two"))
                .then(ANN.said("hall", 1, 3, "two"));
    }

    @Test
    void messageWithoutARoomNeedsAConnectionInExactlyOneRoom() {
        given(ANN)
                .when(ANN.say("hello"))
                .then(new Rejection.NoRoom())
                .and(ANN.created("hall", 1))
                .when(ANN.say("hello"))
                .then(ANN.said("hall", 1, 2, "hello"))
                .and(ANN.created("attic", 1))
                .when(ANN.say("hello"))
                .then(new Rejection.RoomAmbiguous());
    }

    @Test
    void boundaryOfAMessageToANamedRoomIsThatRoom() {
        Chat chat = given(ANN).and(ANN.created("hall", 1)).chat();

        assertThat(chat.boundary(ANN.say("hall", "hello"))).containsExactly(StreamId.of(HALL));
        assertThat(chat.boundary(ANN.say("hello")))
                .containsExactlyInAnyOrder(StreamId.of(ANN.connection()), StreamId.of(HALL));
        assertThat(chat.boundary(BOB.say("hello"))).containsExactly(StreamId.of(BOB.connection()));
    }

    @Test
    void messageReachesAllMembersIncludingTheSender() {
        Chat chat = given(ANN, BOB, CAT)
                .and(ANN.created("hall", 1), BOB.joined("hall", 1, 2))
                .chat();

        assertThat(chat.audience(BOB.said("hall", 1, 3, "hello")))
                .isEqualTo(new Audience.Members(HALL, HashSet.of(ANN.connection(), BOB.connection())));
    }

    @Test
    void eventOfARoomThatIsClosedNowHasNoRecipients() {
        Chat chat = given(ANN)
                .and(ANN.created("hall", 1), ANN.left("hall", 1, 2), closed("hall", 1, 3))
                .chat();

        assertThat(chat.audience(ANN.left("hall", 1, 2))).isEqualTo(new Audience.Members(HALL, HashSet.empty()));
    }

    @Test
    void messageSentTwiceWithOneIdIsStoredOnce() {
        given(ANN)
                .and(ANN.created("hall", 1))
                .when(ANN.say("hall", "hello", "id"))
                .then(ANN.said("hall", 1, 2, "hello", "id"))
                .when(ANN.say("hall", "hello", "id").withAt(NOW.plusSeconds(5)))
                .thenNothing()
                .when(ANN.say("hello").withId(Option.some(ID)))
                .thenNothing()
                .when(ANN.say("hall", "hello", "another id"))
                .then(ANN.said("hall", 1, 3, "hello", "another id"));
    }

    @Test
    void messageWithoutAnIdIsStoredEachTime() {
        given(ANN)
                .and(ANN.created("hall", 1))
                .when(ANN.say("hall", "hello"))
                .then(ANN.said("hall", 1, 2, "hello"))
                .when(ANN.say("hall", "hello"))
                .then(ANN.said("hall", 1, 3, "hello"));
    }

    @Test
    void messageOfAnotherUserWithTheSameIdIsStored() {
        given(ANN, BOB)
                .and(ANN.created("hall", 1), BOB.joined("hall", 1, 2), ANN.said("hall", 1, 3, "hello", "id"))
                .when(BOB.say("hall", "hello", "id"))
                .then(BOB.said("hall", 1, 4, "hello", "id"))
                .when(ANN.say("hall", "hello", "id"))
                .thenNothing();
    }

    @Test
    void messageWithTheSameIdInAnotherRoomIsStored() {
        given(ANN)
                .and(ANN.created("hall", 1), ANN.created("attic", 1), ANN.said("hall", 1, 2, "hello", "id"))
                .when(ANN.say("attic", "hello", "id"))
                .then(ANN.said("attic", 1, 2, "hello", "id"));
    }

    @Test
    void messageSentAgainOnAnotherConnectionOfTheUserIsStoredOnce() {
        TestClient annAgain = ANN.on("another connection");
        given(ANN, BOB)
                .and(
                        ANN.created("hall", 1),
                        BOB.joined("hall", 1, 2),
                        ANN.said("hall", 1, 3, "hello", "id"),
                        annAgain.connected())
                .when(annAgain.register())
                .then(ANN.left("hall", 1, 4), ANN.supersededBy(annAgain), annAgain.registered())
                .when(annAgain.join("hall"))
                .then(annAgain.joined("hall", 1, 5))
                .when(annAgain.say("hall", "hello", "id"))
                .thenNothing();
    }

    @Test
    void messageWithTheSameIdIsStoredAfterTheRoomWasCreatedAgain() {
        given(ANN)
                .and(ANN.created("hall", 1), ANN.said("hall", 1, 2, "hello", "id"))
                .when(ANN.leave("hall"))
                .then(ANN.left("hall", 1, 3), closed("hall", 1, 4))
                .when(ANN.create("hall"))
                .then(ANN.created("hall", 5))
                .when(ANN.say("hall", "hello", "id"))
                .then(ANN.said("hall", 5, 6, "hello", "id"));
    }

    @Test
    void messageIsRecognisedAmongTheSixteenNewestEventsOnly() {
        Story sent = given(ANN).and(ANN.created("hall", 1), ANN.said("hall", 1, 2, "hello", "id"));
        Story fifteenLater = sent.and(LongStream.rangeClosed(3, 17)
                .mapToObj(seq -> ANN.said("hall", 1, seq, "more"))
                .toArray(ChatEvent[]::new));

        fifteenLater
                .when(ANN.say("hall", "hello", "id"))
                .thenNothing()
                .when(ANN.say("hall", "and more"))
                .then(ANN.said("hall", 1, 18, "and more"))
                .when(ANN.say("hall", "hello", "id"))
                .then(ANN.said("hall", 1, 19, "hello", "id"));
    }

    @Test
    void openRoomGivesTheNumberOfARecentMessage() {
        Room.Open hall = given(ANN, BOB)
                .and(ANN.created("hall", 1), BOB.joined("hall", 1, 2), ANN.said("hall", 1, 3, "hello", "id"))
                .chat()
                .open(HALL)
                .get();

        assertThat(hall.recent()).isEqualTo(Vector.of(Room.RecentMessage.of(ANN.user(), ID, 3)));
        assertThat(hall.seqOf(ANN.user(), ID)).containsExactly(3L);
        assertThat(hall.seqOf(BOB.user(), ID)).isEmpty();
        assertThat(hall.seqOf(ANN.user(), new ClientMessageId("di"))).isEmpty();
    }

    @Test
    void receiptOfARepeatedMessageNamesTheStoredMessage() {
        Chat chat = given(ANN, BOB)
                .and(ANN.created("hall", 1), BOB.joined("hall", 1, 2), ANN.said("hall", 1, 3, "hello", "id"))
                .chat();

        assertThat(chat.receipt(ANN.say("hall", "hello", "id"))).containsExactly(new Chat.Receipt(HALL, 3));
        assertThat(chat.receipt(ANN.say("hello").withId(Option.some(ID)))).containsExactly(new Chat.Receipt(HALL, 3));

        assertThat(chat.receipt(ANN.say("hall", "hello", "another id"))).isEmpty();
        assertThat(chat.receipt(ANN.say("hall", "hello"))).isEmpty();
        assertThat(chat.receipt(BOB.say("hall", "hello", "id"))).isEmpty();
        assertThat(chat.receipt(CAT.say("hall", "hello", "id"))).isEmpty();
        assertThat(chat.receipt(ANN.say("attic", "hello", "id"))).isEmpty();
    }
}
