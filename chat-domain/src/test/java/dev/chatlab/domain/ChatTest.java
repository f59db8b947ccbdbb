package dev.chatlab.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.Disconnect;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ChatEvent.Disconnected;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatEvent.RoomClosed;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ChatEvent.RoomJoined;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.ChatEvent.UserRegistered;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The domain by example: given these events, when this command is decided, then it has these events or this rejection. */
class ChatTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Instant EXPIRY = Instant.parse("2030-01-01T14:15:00Z");

    private static final UserName ANN = new UserName("Ann");
    private static final ConnectionId LAPTOP = new ConnectionId("laptop-of-ann");
    private static final ConnectionId PHONE = new ConnectionId("phone-of-ann");
    private static final ResumeKey KEY = new ResumeKey("the-secret-key-of-ann");

    private static final UserName BOB = new UserName("Bob");
    private static final ConnectionId TABLET = new ConnectionId("tablet-of-bob");
    private static final ResumeKey OTHER_KEY = new ResumeKey("the-secret-key-of-bob");

    private static final RoomName HALL = new RoomName("hall");
    private static final RoomName ATTIC = new RoomName("attic");
    private static final MessageText HELLO = new MessageText("Hello!");
    private static final Option<ClientMessageId> ID = Option.some(new ClientMessageId("message-1"));

    private static final Seq<ChatEvent> ANN_IS_REGISTERED =
            Vector.of(connected(LAPTOP), new UserRegistered(LAPTOP, ANN, KEY.digest(), EXPIRY, NOON));
    private static final Seq<ChatEvent> BOB_IS_REGISTERED =
            Vector.of(connected(TABLET), new UserRegistered(TABLET, BOB, OTHER_KEY.digest(), EXPIRY, NOON));

    /** Ann created the room, and Bob joined it. */
    private static final Seq<ChatEvent> BOTH_ARE_IN_THE_HALL = ANN_IS_REGISTERED
            .appendAll(BOB_IS_REGISTERED)
            .append(new RoomCreated(HALL, 1, LAPTOP, ANN, NOON))
            .append(new RoomJoined(HALL, 1, 2, TABLET, BOB, NOON));

    @Nested
    class Decide {

        @Test
        void connectionIsAccepted() {
            assertThat(decide(Vector.empty(), new Connect(LAPTOP, NOON))).isEqualTo(events(connected(LAPTOP)));
        }

        @Test
        void connectionRegistersAUserName() {
            assertThat(decide(Vector.of(connected(LAPTOP)), new RegisterUser(LAPTOP, ANN, KEY, NOON)))
                    .isEqualTo(events(new UserRegistered(LAPTOP, ANN, KEY.digest(), EXPIRY, NOON)));
        }

        @Test
        void reservedNameIsTaken() {
            assertThat(decide(
                            ANN_IS_REGISTERED.append(connected(PHONE)), new RegisterUser(PHONE, ANN, OTHER_KEY, NOON)))
                    .isEqualTo(rejection(new Rejection.NameTaken(ANN)));
        }

        @Test
        void resumeKeyTakesTheNameOver() {
            assertThat(decide(ANN_IS_REGISTERED.append(connected(PHONE)), new RegisterUser(PHONE, ANN, KEY, NOON)))
                    .isEqualTo(events(
                            new Disconnected(LAPTOP, Option.some(ANN), Option.some(PHONE), NOON),
                            new UserRegistered(PHONE, ANN, KEY.digest(), EXPIRY, NOON)));
        }

        @Test
        void expiredReservationIsTakenOverWithAnyKey() {
            assertThat(decide(
                                    ANN_IS_REGISTERED.append(connected(PHONE)),
                                    new RegisterUser(PHONE, ANN, OTHER_KEY, EXPIRY))
                            .map(Seq::head))
                    .isEqualTo(Either.right(new Disconnected(LAPTOP, Option.some(ANN), Option.some(PHONE), EXPIRY)));
        }

        @Test
        void connectionCreatesARoom() {
            assertThat(decide(ANN_IS_REGISTERED, new CreateRoom(LAPTOP, HALL, NOON)))
                    .isEqualTo(events(new RoomCreated(HALL, 1, LAPTOP, ANN, NOON)));
        }

        @Test
        void unregisteredConnectionCreatesNoRoom() {
            assertThat(decide(Vector.of(connected(LAPTOP)), new CreateRoom(LAPTOP, HALL, NOON)))
                    .isEqualTo(rejection(new Rejection.NotRegistered()));
        }

        @Test
        void roomLimitOfThePolicyRejectsAnotherRoom() {
            Chat chat = Chat.EMPTY.evolve(BOTH_ARE_IN_THE_HALL);

            assertThat(chat.decide(
                            new CreateRoom(LAPTOP, ATTIC, NOON), ChatPolicy.DEFAULT.withMaxRoomsPerConnection(1)))
                    .isEqualTo(rejection(new Rejection.TooManyRooms(1)));
        }

        @Test
        void memberWhoJoinsAgainCausesNoEvents() {
            assertThat(decide(BOTH_ARE_IN_THE_HALL, new JoinRoom(TABLET, HALL, NOON)))
                    .isEqualTo(events());
        }

        @Test
        void messageHasTheNextNumberOfItsRoom() {
            assertThat(decide(BOTH_ARE_IN_THE_HALL, new SendMessage(LAPTOP, Option.some(HALL), HELLO, ID, NOON)))
                    .isEqualTo(events(new MessageSent(HALL, 1, 3, LAPTOP, ANN, HELLO, ID, NOON)));
        }

        @Test
        void messageWithTheSameIdIsNotStoredAgain() {
            Seq<ChatEvent> sent =
                    BOTH_ARE_IN_THE_HALL.append(new MessageSent(HALL, 1, 3, LAPTOP, ANN, HELLO, ID, NOON));
            var again = new SendMessage(LAPTOP, Option.none(), HELLO, ID, NOON.plusSeconds(5));

            assertThat(decide(sent, again)).isEqualTo(events());
            assertThat(Chat.EMPTY.evolve(sent).receipt(again)).isEqualTo(Option.some(new Chat.Receipt(HALL, 3)));
        }

        @Test
        void messageToARoomThatTheConnectionIsNotInIsRejected() {
            assertThat(decide(
                            BOTH_ARE_IN_THE_HALL.append(new RoomCreated(ATTIC, 1, TABLET, BOB, NOON)),
                            new SendMessage(LAPTOP, Option.some(ATTIC), HELLO, ID, NOON)))
                    .isEqualTo(rejection(new Rejection.NotAMember(ATTIC)));
        }

        @Test
        void lastMemberWhoLeavesClosesTheRoom() {
            assertThat(decide(
                            BOTH_ARE_IN_THE_HALL.append(new RoomLeft(HALL, 1, 3, LAPTOP, ANN, NOON)),
                            new LeaveRoom(TABLET, Option.some(HALL), NOON)))
                    .isEqualTo(events(new RoomLeft(HALL, 1, 4, TABLET, BOB, NOON), new RoomClosed(HALL, 1, 5, NOON)));
        }

        @Test
        void disconnectLeavesTheRoomsAndEndsTheSession() {
            assertThat(decide(BOTH_ARE_IN_THE_HALL, new Disconnect(LAPTOP, NOON)))
                    .isEqualTo(events(
                            new RoomLeft(HALL, 1, 3, LAPTOP, ANN, NOON),
                            new Disconnected(LAPTOP, Option.some(ANN), Option.none(), NOON)));
        }
    }

    @Nested
    class Evolve {

        @Test
        void stateIsTheFoldOfTheEvents() {
            Chat chat = Chat.EMPTY.evolve(BOTH_ARE_IN_THE_HALL);

            assertThat(chat.sessions().keySet()).containsExactlyInAnyOrder(LAPTOP, TABLET);
            assertThat(chat.reservations().keySet()).containsExactlyInAnyOrder(ANN, BOB);
            assertThat(chat.open(HALL).map(Room.Open::roster)).isEqualTo(Option.some(Vector.of(ANN, BOB)));
            assertThat(chat.sessions().get(LAPTOP).map(Session::rooms)).isEqualTo(Option.some(HashSet.of(HALL)));
        }

        @Test
        void eventChangesTheStateOfEachOfItsStreams() {
            var created = new RoomCreated(HALL, 1, LAPTOP, ANN, NOON);
            Chat before = Chat.EMPTY.evolve(ANN_IS_REGISTERED);

            assertThat(before.evolve(StreamId.of(HALL), created).open(HALL)).isNotEmpty();
            assertThat(before.evolve(StreamId.of(HALL), created).evolve(StreamId.of(LAPTOP), created))
                    .isEqualTo(before.evolve(created));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> before.evolve(StreamId.of(ATTIC), created))
                    .withMessageEndingWith(" does not belong to room/attic");
        }

        @Test
        void roomCreatedAgainContinuesTheEventNumbers() {
            Seq<ChatEvent> closed = ANN_IS_REGISTERED
                    .append(new RoomCreated(HALL, 1, LAPTOP, ANN, NOON))
                    .append(new RoomLeft(HALL, 1, 2, LAPTOP, ANN, NOON))
                    .append(new RoomClosed(HALL, 1, 3, NOON));

            assertThat(Chat.EMPTY.evolve(closed).open(HALL)).isEmpty();
            assertThat(decide(closed, new CreateRoom(LAPTOP, HALL, NOON)))
                    .isEqualTo(events(new RoomCreated(HALL, 4, LAPTOP, ANN, NOON)));
        }
    }

    @Nested
    class ConsistencyBoundary {

        @Test
        void messageNeedsItsRoomOnly() {
            assertThat(Chat.EMPTY.boundary(new SendMessage(LAPTOP, Option.some(HALL), HELLO, ID, NOON)))
                    .isEqualTo(HashSet.of(StreamId.of(HALL)));
        }

        /** What an application does: it loads the boundary, and asks again, because the session names further streams. */
        @Test
        void loadedStreamsNameFurtherStreams() {
            Chat stored = Chat.EMPTY.evolve(BOTH_ARE_IN_THE_HALL);
            var disconnect = new Disconnect(LAPTOP, NOON);

            Chat loaded = stored.slice(Chat.EMPTY.boundary(disconnect));
            assertThat(loaded.rooms()).isEmpty();
            assertThat(loaded.boundary(disconnect))
                    .isEqualTo(HashSet.of(StreamId.of(LAPTOP), StreamId.of(ANN), StreamId.of(HALL)));

            Chat complete = loaded.merge(stored.slice(loaded.boundary(disconnect)));
            assertThat(complete.boundary(disconnect)).isEqualTo(loaded.boundary(disconnect));
            assertThat(complete.sessions().keySet()).containsExactly(LAPTOP);
            assertThat(complete.decide(disconnect, ChatPolicy.DEFAULT))
                    .isEqualTo(stored.decide(disconnect, ChatPolicy.DEFAULT));
        }
    }

    @Nested
    class Recipients {

        private final Chat chat = Chat.EMPTY.evolve(BOTH_ARE_IN_THE_HALL);

        @Test
        void messageReachesAllMembersIncludingTheSender() {
            assertThat(chat.audience(new MessageSent(HALL, 1, 3, LAPTOP, ANN, HELLO, ID, NOON)))
                    .isEqualTo(new Audience.Members(HALL, HashSet.of(LAPTOP, TABLET)));
        }

        @Test
        void joinReachesTheOtherMembers() {
            assertThat(chat.audience(new RoomJoined(HALL, 1, 2, TABLET, BOB, NOON)))
                    .isEqualTo(new Audience.Members(HALL, HashSet.of(LAPTOP)));
        }

        @Test
        void newRoomReachesAllRegisteredConnections() {
            assertThat(chat.audience(new RoomCreated(HALL, 1, LAPTOP, ANN, NOON)))
                    .isEqualTo(new Audience.Registered());
        }

        @Test
        void takeoverReachesTheSupersededConnection() {
            assertThat(chat.audience(new Disconnected(LAPTOP, Option.some(ANN), Option.some(PHONE), NOON)))
                    .isEqualTo(new Audience.SingleConnection(LAPTOP));
        }
    }

    @Nested
    class Steps {

        @Test
        void decisionIsSplitIntoOneStepForEachRoomAndOneForTheSession() {
            var left = new RoomLeft(HALL, 1, 2, LAPTOP, ANN, NOON);
            var closed = new RoomClosed(HALL, 1, 3, NOON);
            var disconnected = new Disconnected(LAPTOP, Option.some(ANN), Option.none(), NOON);

            assertThat(Chat.steps(Vector.of(left, closed, disconnected)))
                    .isEqualTo(Vector.of(Vector.of(left, closed), Vector.of(disconnected)));
        }
    }

    private static Connected connected(ConnectionId connection) {
        return new Connected(connection, Option.none(), NOON);
    }

    private static Either<Rejection, Seq<ChatEvent>> decide(Seq<ChatEvent> given, ChatCommand when) {
        return Chat.EMPTY.evolve(given).decide(when, ChatPolicy.DEFAULT);
    }

    private static Either<Rejection, Seq<ChatEvent>> events(ChatEvent... events) {
        return Either.right(Vector.of(events));
    }

    private static Either<Rejection, Seq<ChatEvent>> rejection(Rejection rejection) {
        return Either.left(rejection);
    }
}
