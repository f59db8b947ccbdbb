package dev.chatlab.protocol;

import dev.chatlab.application.ResumeKeys;
import dev.chatlab.domain.Chat.Receipt;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.function.Function;

/**
 * One action of the protocol: how its frame becomes a command and how the accepted command is answered.
 *
 * @param <C> the type of the command
 */
public final class Action<C extends ChatCommand> {

    /** The largest number of messages that one join reads. */
    private static final int PAGE = 100;

    /** {@code register}: reserves a user name. */
    public static final Action<RegisterUser> REGISTER =
            new Action<>("register", Action::registerUser, Action::registered);

    /** {@code new-room}: creates a room. */
    public static final Action<CreateRoom> CREATE_ROOM =
            new Action<>("new-room", Action::createRoom, Action::roomCreated);

    /** {@code join-room}: joins a room, or catches up in a room that the connection is in. */
    public static final Action<JoinRoom> JOIN_ROOM = new Action<>("join-room", Action::joinRoom, Action::roomJoined);

    /** {@code dispatch}: sends a message. */
    public static final Action<SendMessage> SEND_MESSAGE =
            new Action<>("dispatch", Action::sendMessage, Action::messageSent);

    /** {@code leave-room}: leaves a room. */
    public static final Action<LeaveRoom> LEAVE_ROOM = new Action<>("leave-room", Action::leaveRoom, Action::roomLeft);

    private static final Seq<Action<?>> ALL = Vector.of(REGISTER, CREATE_ROOM, JOIN_ROOM, SEND_MESSAGE, LEAVE_ROOM);

    private final String name;
    private final Translation<C> translation;
    private final Function<HandledRequest<C>, Either<ErrorResponse, Response>> answering;

    private Action(
            String name,
            Translation<C> translation,
            Function<HandledRequest<C>, Either<ErrorResponse, Response>> answering) {
        this.name = name;
        this.translation = translation;
        this.answering = answering;
    }

    /** The action that a frame names. */
    static Option<Action<?>> of(InboundFrame frame) {
        return frame.action().flatMap(name -> ALL.find(action -> action.name.equals(name)));
    }

    /** The value of the field {@code action}. */
    public String name() {
        return name;
    }

    Either<ErrorResponse, C> command(ConnectionId connection, InboundFrame frame, Instant at) {
        return translation.command(connection, frame, at);
    }

    Either<ErrorResponse, Response> response(HandledRequest<C> handled) {
        return answering.apply(handled);
    }

    @Override
    public String toString() {
        return name;
    }

    @FunctionalInterface
    private interface Translation<C> {
        Either<ErrorResponse, C> command(ConnectionId connection, InboundFrame frame, Instant at);
    }

    // --- register ---

    private static Either<ErrorResponse, RegisterUser> registerUser(
            ConnectionId connection, InboundFrame frame, Instant at) {
        return frame.value("value", UserName::of)
                .flatMap(user -> frame.option("key", ResumeKey::of)
                        .map(key -> new RegisterUser(connection, user, key.getOrElse(ResumeKeys::random), at)));
    }

    private static Either<ErrorResponse, Response> registered(HandledRequest<RegisterUser> handled) {
        return Either.right(OutboundFrames.signup(
                handled.command().user(),
                handled.command().key(),
                handled.service().openRooms()));
    }

    // --- new-room ---

    private static Either<ErrorResponse, CreateRoom> createRoom(
            ConnectionId connection, InboundFrame frame, Instant at) {
        return frame.value("value", RoomName::of).map(room -> new CreateRoom(connection, room, at));
    }

    private static Either<ErrorResponse, Response> roomCreated(HandledRequest<CreateRoom> handled) {
        return Either.right(OutboundFrames.created(
                handled.accepted().chat().open(handled.command().room()).get()));
    }

    // --- join-room ---

    private static Either<ErrorResponse, JoinRoom> joinRoom(ConnectionId connection, InboundFrame frame, Instant at) {
        return frame.seq("since")
                .flatMap(since -> frame.value("value", RoomName::of))
                .map(room -> new JoinRoom(connection, room, at));
    }

    private static Either<ErrorResponse, Response> roomJoined(HandledRequest<JoinRoom> handled) {
        Room.Open room =
                handled.accepted().chat().open(handled.command().room()).get();
        return handled.frame()
                .seq("since")
                .map(since -> OutboundFrames.joined(room, handled.service().history(room, since, PAGE)));
    }

    // --- dispatch ---

    private static Either<ErrorResponse, SendMessage> sendMessage(
            ConnectionId connection, InboundFrame frame, Instant at) {
        return frame.value("value", MessageText::of)
                .flatMap(text -> frame.option("room", RoomName::of)
                        .flatMap(room -> frame.option("id", ClientMessageId::of)
                                .map(id -> new SendMessage(connection, room, text, id, at))));
    }

    private static Either<ErrorResponse, Response> messageSent(HandledRequest<SendMessage> handled) {
        Receipt receipt = handled.accepted().receipt(handled.command());
        Frame ack = OutboundFrames.ack("dispatch")
                .with("room", receipt.room().value())
                .with("seq", receipt.seq());
        return Either.right(Response.of(handled.command().id().fold(() -> ack, id -> ack.with("id", id.value()))));
    }

    // --- leave-room ---

    private static Either<ErrorResponse, LeaveRoom> leaveRoom(ConnectionId connection, InboundFrame frame, Instant at) {
        return frame.option("room", RoomName::of).map(room -> new LeaveRoom(connection, room, at));
    }

    private static Either<ErrorResponse, Response> roomLeft(HandledRequest<LeaveRoom> handled) {
        RoomLeft left = (RoomLeft) handled.accepted().events().head();
        return Either.right(Response.of(
                OutboundFrames.ack("leave-room").with("room", left.room().value())));
    }
}
