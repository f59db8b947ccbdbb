package dev.chatlab.testkit.domain;

import static dev.chatlab.testkit.Story.closed;
import static dev.chatlab.testkit.Story.given;
import static dev.chatlab.testkit.TestClient.ANN;
import static dev.chatlab.testkit.TestClient.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.testkit.TestClient;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** Disconnect: the connection leaves its rooms, its user name becomes free, and its session ends. */
class DisconnectTest {

    @Test
    void disconnectLeavesAllRoomsInNameOrderAndEndsTheSessionLast() {
        given(ANN, BOB)
                .and(
                        BOB.created("hall", 1),
                        ANN.joined("hall", 1, 2),
                        ANN.created("attic", 1),
                        BOB.said("hall", 1, 3, "hello"))
                .when(ANN.disconnect())
                .then(ANN.left("attic", 1, 2), closed("attic", 1, 3), ANN.left("hall", 1, 4), ANN.disconnected())
                .when(ANN.say("hall", "after the disconnect"))
                .then(new Rejection.NotAMember(new RoomName("hall")));
    }

    @Test
    void secondDisconnectHasNoEvents() {
        given(ANN)
                .when(ANN.disconnect())
                .then(ANN.disconnected())
                .when(ANN.disconnect())
                .thenNothing();
    }

    @Test
    void disconnectOfUnregisteredConnectionBelongsToItsStreamOnly() {
        var ended = ANN.disconnected().withUser(Option.none());
        given().and(ANN.connected()).when(ANN.disconnect()).then(ended);

        assertThat(ended.streams()).containsExactly(StreamId.of(ANN.connection()));
        assertThat(Chat.steps(Vector.of(ANN.connected(), ended))).containsExactly(Vector.of(ANN.connected(), ended));
    }

    @Test
    void connectionIdUsedAgainAfterDisconnectStartsUnregistered() {
        given(ANN)
                .and(ANN.created("hall", 1))
                .when(ANN.disconnect())
                .then(ANN.left("hall", 1, 2), closed("hall", 1, 3), ANN.disconnected())
                .when(ANN.connect())
                .then(ANN.connected())
                .when(ANN.create("hall"))
                .then(new Rejection.NotRegistered());
    }

    @Test
    void boundaryOfDisconnectContainsTheUserNameAndAllRooms() {
        Chat chat = given(ANN, BOB)
                .and(ANN.created("hall", 1), ANN.created("attic", 1), BOB.created("cellar", 1))
                .chat();

        assertThat(chat.boundary(ANN.disconnect()))
                .containsExactlyInAnyOrder(
                        StreamId.of(ANN.connection()),
                        StreamId.of(ANN.user()),
                        StreamId.of(new RoomName("hall")),
                        StreamId.of(new RoomName("attic")));
        assertThat(Chat.EMPTY.boundary(ANN.disconnect())).containsExactly(StreamId.of(ANN.connection()));
    }

    @Test
    void disconnectHasOneStepForEachRoomAndALastStepForTheSession() {
        var decision = Vector.<ChatEvent>of(
                ANN.left("attic", 1, 2), closed("attic", 1, 3), ANN.left("hall", 1, 4), ANN.disconnected());

        assertThat(Chat.steps(decision)).containsExactly(decision.take(2), decision.slice(2, 3), decision.drop(3));
    }

    /** The session and the room were read at different moments. The append expects the versions of both, so it conflicts. */
    @Test
    void disconnectLeavesARoomWhoseStaleStateDoesNotContainTheMember() {
        StreamId hall = StreamId.of(new RoomName("hall"));
        Chat chat = given(ANN)
                .and(ANN.created("hall", 1))
                .chat()
                .evolve(hall, ANN.left("hall", 1, 2))
                .evolve(hall, closed("hall", 1, 3));

        assertThat(chat.decide(ANN.disconnect(), ChatPolicy.DEFAULT))
                .isEqualTo(Either.right(Vector.of(ANN.left("hall", 3, 4), ANN.disconnected())));
    }

    @Test
    void takeoverEndsTheOldSessionAndRegistersTheNewOneInOneStep() {
        TestClient annAgain = ANN.on("another connection");
        var decision = Vector.<ChatEvent>of(
                ANN.left("attic", 1, 2), ANN.left("hall", 1, 4), ANN.supersededBy(annAgain), annAgain.registered());

        assertThat(Chat.steps(decision)).containsExactly(decision.take(1), decision.slice(1, 2), decision.drop(2));
    }

    @Test
    void eventBelongsToTheStreamsOfItsConnectionAndOfItsRoomOrUserName() {
        assertThat(ANN.created("hall", 1).streams().map(StreamId::toString))
                .containsExactlyInAnyOrder("connection/connection-of-ann", "room/hall");
        assertThat(ANN.registered().streams().map(StreamId::toString))
                .containsExactlyInAnyOrder("connection/connection-of-ann", "user/ann");
    }
}
