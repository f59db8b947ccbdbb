package dev.chatlab.testkit.domain;

import static dev.chatlab.testkit.Story.closed;
import static dev.chatlab.testkit.Story.given;
import static dev.chatlab.testkit.TestClient.ANN;
import static dev.chatlab.testkit.TestClient.BOB;
import static dev.chatlab.testkit.TestClient.CAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Audience;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.testkit.Story;
import io.vavr.collection.HashSet;
import org.junit.jupiter.api.Test;

/** CreateRoom, JoinRoom and LeaveRoom: the life of a room, and the rooms that use its name later. */
class RoomsTest {

    private static final RoomName HALL = new RoomName("hall");
    private static final ChatPolicy TWO_ROOMS = ChatPolicy.DEFAULT.withMaxRoomsPerConnection(2);
    private static final ChatPolicy ROOMS_STAY = ChatPolicy.DEFAULT.withCloseEmptyRooms(false);

    @Test
    void connectionThatCreatesARoomIsItsFirstMember() {
        given(ANN)
                .when(ANN.create("hall"))
                .then(ANN.created("hall", 1))
                .when(ANN.say("hall", "hello"))
                .then(ANN.said("hall", 1, 2, "hello"));
    }

    @Test
    void nameOfAnOpenRoomCannotBeUsedAgain() {
        var exists = new Rejection.RoomExists(HALL);
        given(ANN, BOB)
                .and(ANN.created("hall", 1))
                .when(ANN.create("hall"))
                .then(exists)
                .when(BOB.create("hall"))
                .then(exists)
                .when(BOB.create("Hall"))
                .then(BOB.created("Hall", 1));
    }

    @Test
    void joinOfARoomThatIsNotOpenIsRejected() {
        given(ANN, BOB)
                .when(BOB.join("hall"))
                .then(new Rejection.NoSuchRoom(HALL))
                .and(ANN.created("hall", 1))
                .when(BOB.join("hall"))
                .then(BOB.joined("hall", 1, 2))
                .and(ANN.left("hall", 1, 3), BOB.left("hall", 1, 4), closed("hall", 1, 5))
                .when(BOB.join("hall"))
                .then(new Rejection.NoSuchRoom(HALL));
    }

    @Test
    void joinByAMemberHasNoEvents() {
        given(ANN, BOB)
                .and(ANN.created("hall", 1), BOB.joined("hall", 1, 2))
                .when(ANN.join("hall"))
                .thenNothing()
                .when(BOB.join("hall"))
                .thenNothing();
    }

    @Test
    void createAndJoinAreRejectedAtTheRoomLimitOfThePolicy() {
        var tooMany = new Rejection.TooManyRooms(2);
        given(ANN, BOB)
                .under(TWO_ROOMS)
                .and(BOB.created("hall", 1), BOB.created("attic", 1))
                .when(BOB.create("cellar"))
                .then(tooMany)
                .when(ANN.create("cellar"))
                .then(ANN.created("cellar", 1))
                .when(BOB.join("cellar"))
                .then(tooMany)
                .when(BOB.join("hall"))
                .thenNothing()
                .when(ANN.join("hall"))
                .then(ANN.joined("hall", 1, 2))
                .when(ANN.join("attic"))
                .then(tooMany)
                .when(ANN.leave("hall"))
                .then(ANN.left("hall", 1, 3))
                .when(ANN.join("attic"))
                .then(ANN.joined("attic", 1, 2));
    }

    @Test
    void roomClosesWhenItsLastMemberLeaves() {
        given(ANN, BOB)
                .and(ANN.created("hall", 1), BOB.joined("hall", 1, 2))
                .when(ANN.leave("hall"))
                .then(ANN.left("hall", 1, 3))
                .when(BOB.leave("hall"))
                .then(BOB.left("hall", 1, 4), closed("hall", 1, 5))
                .when(BOB.say("hall", "hello"))
                .then(new Rejection.NoSuchRoom(HALL));
    }

    @Test
    void emptyRoomStaysOpenIfThePolicyKeepsEmptyRooms() {
        given(ANN, BOB)
                .under(ROOMS_STAY)
                .and(ANN.created("hall", 1))
                .when(ANN.leave("hall"))
                .then(ANN.left("hall", 1, 2))
                .when(BOB.create("hall"))
                .then(new Rejection.RoomExists(HALL))
                .when(BOB.join("hall"))
                .then(BOB.joined("hall", 1, 3))
                .when(BOB.disconnect())
                .then(BOB.left("hall", 1, 4), BOB.disconnected())
                .when(ANN.join("hall"))
                .then(ANN.joined("hall", 1, 5));
    }

    @Test
    void roomCreatedAgainContinuesTheEventNumbers() {
        Chat chat = given(ANN, BOB)
                .and(
                        ANN.created("hall", 1),
                        ANN.said("hall", 1, 2, "old"),
                        ANN.left("hall", 1, 3),
                        closed("hall", 1, 4))
                .when(BOB.create("hall"))
                .then(BOB.created("hall", 5))
                .when(ANN.join("hall"))
                .then(ANN.joined("hall", 5, 6))
                .when(ANN.say("hall", "new"))
                .then(ANN.said("hall", 5, 7, "new"))
                .chat();

        assertThat(chat.open(HALL).map(Room.Open::created)).containsExactly(5L);
        assertThat(ANN.created("hall", 5).created()).isEqualTo(5);
    }

    @Test
    void leaveByAConnectionOutsideTheRoomIsRejected() {
        given(ANN, BOB)
                .and(ANN.created("hall", 1))
                .when(BOB.leave("hall"))
                .then(new Rejection.NotAMember(HALL))
                .when(BOB.leave("attic"))
                .then(new Rejection.NoSuchRoom(new RoomName("attic")));
    }

    @Test
    void leaveWithoutARoomNeedsAConnectionInExactlyOneRoom() {
        given(ANN, BOB)
                .and(BOB.created("hall", 1), BOB.created("attic", 1))
                .when(ANN.leave())
                .then(new Rejection.NoRoom())
                .when(BOB.leave())
                .then(new Rejection.RoomAmbiguous())
                .when(ANN.join("hall"))
                .then(ANN.joined("hall", 1, 2))
                .when(ANN.leave())
                .then(ANN.left("hall", 1, 3));
    }

    @Test
    void allRegisteredConnectionsReceiveCreatedAndClosedRooms() {
        Chat chat = given(ANN).and(ANN.created("hall", 1)).chat();

        assertThat(chat.audience(ANN.created("hall", 1))).isEqualTo(new Audience.Registered());
        assertThat(chat.audience(closed("hall", 1, 3))).isEqualTo(new Audience.Registered());
    }

    @Test
    void otherMembersReceiveJoinsAndLeaves() {
        Story story =
                given(ANN, BOB, CAT).and(ANN.created("hall", 1), BOB.joined("hall", 1, 2), CAT.joined("hall", 1, 3));

        assertThat(story.chat().audience(CAT.joined("hall", 1, 3)))
                .isEqualTo(new Audience.Members(HALL, HashSet.of(ANN.connection(), BOB.connection())));
        assertThat(story.and(ANN.left("hall", 1, 4)).chat().audience(ANN.left("hall", 1, 4)))
                .isEqualTo(new Audience.Members(HALL, HashSet.of(BOB.connection(), CAT.connection())));
    }

    @Test
    void rosterIsInTheOrderOfJoining() {
        Story story =
                given(ANN, BOB, CAT).and(CAT.created("hall", 1), ANN.joined("hall", 1, 2), BOB.joined("hall", 1, 3));

        assertThat(roster(story)).containsExactly(CAT.user(), ANN.user(), BOB.user());
        assertThat(roster(story.and(CAT.left("hall", 1, 4), CAT.joined("hall", 1, 5))))
                .containsExactly(ANN.user(), BOB.user(), CAT.user());
    }

    @Test
    void rosterContainsAUserWithTwoConnectionsOnce() {
        Room.Open hall = given(ANN, BOB)
                .and(ANN.created("hall", 1), BOB.joined("hall", 1, 2))
                .chat()
                .open(HALL)
                .get();

        assertThat(hall.withMembers(hall.members().put(CAT.connection(), new Room.Member(ANN.user(), 3)))
                        .roster())
                .containsExactly(ANN.user(), BOB.user());
    }

    @Test
    void closedRoomKeepsOnlyTheNumberOfTheNewestEvent() {
        Chat closed = given(ANN)
                .and(ANN.created("hall", 1), ANN.left("hall", 1, 2), closed("hall", 1, 3))
                .chat();

        assertThat(closed.open(HALL)).isEmpty();
        assertThat(closed.rooms().get(HALL).map(Room::created)).containsExactly(3L);
        assertThat(closed.evolve(ANN.said("hall", 1, 4, "late")).rooms().get(HALL))
                .containsExactly(new Room.Closed(HALL, 4));
    }

    private static Iterable<UserName> roster(Story story) {
        return story.chat().open(HALL).get().roster();
    }
}
