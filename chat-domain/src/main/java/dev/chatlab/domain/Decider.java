package dev.chatlab.domain;

import static io.vavr.control.Either.left;
import static io.vavr.control.Either.right;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;

/** Decides commands: all rules of the chat are here. */
record Decider(Chat chat, ChatPolicy policy) {

    Either<Rejection, Seq<ChatEvent>> decide(ChatCommand command) {
        return switch (command) {
            case ChatCommand.Connect c -> right(connect(c));
            case ChatCommand.RegisterUser c -> register(c);
            case ChatCommand.CreateRoom c -> create(c);
            case ChatCommand.JoinRoom c -> join(c);
            case ChatCommand.SendMessage c -> send(c);
            case ChatCommand.LeaveRoom c -> leave(c);
            case ChatCommand.Disconnect c -> right(disconnect(c));
        };
    }

    private Seq<ChatEvent> connect(ChatCommand.Connect c) {
        return chat.sessions().containsKey(c.connection())
                ? nothing()
                : Vector.of(new ChatEvent.Connected(c.connection(), c.identity(), c.at()));
    }

    private Either<Rejection, Seq<ChatEvent>> register(ChatCommand.RegisterUser c) {
        return session(c.connection()).flatMap(session -> {
            var registered = new ChatEvent.UserRegistered(
                    c.connection(),
                    c.user(),
                    c.key().digest(),
                    session.connectedAt().plus(policy.connectionLifetime()),
                    c.at());
            Option<NameReservation> reservation = chat.reservations().get(c.user());
            if (session.user().isDefined()) {
                return session.user().contains(c.user())
                                && reservation.exists(held -> held.key().equals(registered.key()))
                        ? right(nothing())
                        : left(new Rejection.AlreadyRegistered(session.user().get()));
            }
            if (reservation.isEmpty()) {
                return right(Vector.of(registered));
            }
            return reservation.get().canBeTakenOverBy(c)
                    ? right(end(
                                    reservation.get().connection(),
                                    Option.some(c.user()),
                                    Option.some(c.connection()),
                                    c.at())
                            .append(registered))
                    : left(new Rejection.NameTaken(c.user()));
        });
    }

    private Either<Rejection, Seq<ChatEvent>> create(ChatCommand.CreateRoom c) {
        return user(c.connection()).flatMap(user -> {
            Room room = chat.room(c.room());
            if (room instanceof Room.Open) {
                return left(new Rejection.RoomExists(c.room()));
            }
            return withRoomCapacity(c.connection())
                    .map(session -> Vector.of(
                            new ChatEvent.RoomCreated(c.room(), room.seq() + 1, c.connection(), user, c.at())));
        });
    }

    private Either<Rejection, Seq<ChatEvent>> join(ChatCommand.JoinRoom c) {
        return user(c.connection())
                .flatMap(user -> open(c.room()).flatMap(room -> {
                    if (room.members().containsKey(c.connection())) {
                        return right(nothing());
                    }
                    return withRoomCapacity(c.connection())
                            .map(session -> Vector.of(new ChatEvent.RoomJoined(
                                    c.room(), room.created(), room.seq() + 1, c.connection(), user, c.at())));
                }));
    }

    private Either<Rejection, Seq<ChatEvent>> send(ChatCommand.SendMessage c) {
        return resolveRoom(c.room(), c.connection())
                .flatMap(room -> member(room, c.connection()).map(member -> {
                    boolean sentBefore =
                            c.id().exists(id -> room.seqOf(member.user(), id).isDefined());
                    return sentBefore
                            ? nothing()
                            : Vector.of(new ChatEvent.MessageSent(
                                    room.name(),
                                    room.created(),
                                    room.seq() + 1,
                                    c.connection(),
                                    member.user(),
                                    c.text(),
                                    c.id(),
                                    c.at()));
                }));
    }

    private Either<Rejection, Seq<ChatEvent>> leave(ChatCommand.LeaveRoom c) {
        return resolveRoom(c.room(), c.connection())
                .flatMap(room ->
                        member(room, c.connection()).map(member -> leave(room, c.connection(), member.user(), c.at())));
    }

    Option<Chat.Receipt> receipt(ChatCommand.SendMessage c) {
        return resolveRoom(c.room(), c.connection())
                .toOption()
                .flatMap(room -> member(room, c.connection())
                        .toOption()
                        .flatMap(member -> c.id().flatMap(id -> room.seqOf(member.user(), id)))
                        .map(seq -> new Chat.Receipt(room.name(), seq)));
    }

    private Seq<ChatEvent> disconnect(ChatCommand.Disconnect c) {
        return chat.sessions()
                .get(c.connection())
                .fold(Decider::nothing, session -> end(c.connection(), session.user(), Option.none(), c.at()));
    }

    /**
     * Leaves the session's rooms one by one, and ends the session last.
     *
     * <p>The session names the rooms. A room whose state does not contain the member was read at another moment than the session:
     * one of the two is outdated. The append expects the versions of both, so it conflicts. Skipping the room would leave a member
     * without a connection.
     */
    private Seq<ChatEvent> end(
            ConnectionId connection, Option<UserName> user, Option<ConnectionId> supersededBy, Instant at) {
        Option<Session> session = chat.sessions().get(connection);
        Seq<RoomName> rooms = session.toVector().flatMap(Session::rooms).sortBy(RoomName::value);
        return rooms.flatMap(room -> user.toVector().flatMap(name -> leave(chat.room(room), connection, name, at)))
                .append(new ChatEvent.Disconnected(connection, user, supersededBy, at));
    }

    private Seq<ChatEvent> leave(Room room, ConnectionId connection, UserName user, Instant at) {
        var left = new ChatEvent.RoomLeft(room.name(), room.created(), room.seq() + 1, connection, user, at);
        boolean last = room instanceof Room.Open open
                && open.members().keySet().remove(connection).isEmpty();
        return last && policy.closeEmptyRooms()
                ? Vector.of(left, new ChatEvent.RoomClosed(room.name(), room.created(), room.seq() + 2, at))
                : Vector.of(left);
    }

    // --- preconditions ---

    private Either<Rejection, Session> session(ConnectionId connection) {
        return chat.sessions().get(connection).toEither(Rejection.NotConnected::new);
    }

    private Either<Rejection, UserName> user(ConnectionId connection) {
        return session(connection).flatMap(session -> session.user().toEither(Rejection.NotRegistered::new));
    }

    private Either<Rejection, Session> registered(ConnectionId connection) {
        return user(connection).flatMap(user -> session(connection));
    }

    private Either<Rejection, Session> withRoomCapacity(ConnectionId connection) {
        return session(connection)
                .filterOrElse(
                        session -> session.rooms().size() < policy.maxRoomsPerConnection(),
                        session -> new Rejection.TooManyRooms(policy.maxRoomsPerConnection()));
    }

    private Either<Rejection, Room.Open> open(RoomName name) {
        return chat.open(name).toEither(() -> new Rejection.NoSuchRoom(name));
    }

    /** The named room, or else the only room that the connection is in. */
    private Either<Rejection, Room.Open> resolveRoom(Option<RoomName> named, ConnectionId connection) {
        return named.<Either<Rejection, RoomName>>map(Either::right)
                .getOrElse(() -> onlyRoom(connection))
                .flatMap(this::open);
    }

    private Either<Rejection, RoomName> onlyRoom(ConnectionId connection) {
        return registered(connection).map(Session::rooms).flatMap(rooms -> switch (rooms.size()) {
            case 0 -> left(new Rejection.NoRoom());
            case 1 -> right(rooms.head());
            default -> left(new Rejection.RoomAmbiguous());
        });
    }

    private static Either<Rejection, Room.Member> member(Room.Open room, ConnectionId connection) {
        return room.members().get(connection).toEither(() -> new Rejection.NotAMember(room.name()));
    }

    private static Seq<ChatEvent> nothing() {
        return Vector.empty();
    }
}
