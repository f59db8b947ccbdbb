package dev.chatlab.domain;

import static io.vavr.control.Either.left;
import static io.vavr.control.Either.right;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;

/** The rules of the chat: decides each command on the given state. */
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
            Option<NameReservation> reservation = chat.reservations().get(c.user());
            if (session.user().isDefined()) {
                boolean repeated = session.user().contains(c.user())
                        && reservation.exists(
                                existing -> existing.key().equals(c.key().digest()));
                return repeated
                        ? right(nothing())
                        : left(new Rejection.AlreadyRegistered(session.user().get()));
            }
            if (reservation.exists(existing -> !existing.canBeTakenOverBy(c))) {
                return left(new Rejection.NameTaken(c.user()));
            }
            Seq<ChatEvent> takeover = reservation.fold(
                    Decider::nothing,
                    existing -> end(existing.connection(), Option.some(c.user()), Option.some(c.connection()), c.at()));
            Instant expiresAt = session.connectedAt().plus(policy.connectionLifetime());
            return right(takeover.append(new ChatEvent.UserRegistered(
                    c.connection(), c.user(), c.key().digest(), expiresAt, c.at())));
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
                    boolean repeated =
                            c.id().exists(id -> room.seqOf(member.user(), id).isDefined());
                    return repeated
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
     * <p>The session names the rooms. If a room's state does not contain the member, then the session and the room were read at
     * different moments, and one of them is stale. The room is not skipped: the append expects the versions of both streams, so it
     * conflicts, and the decision is made again. Skipping the room would leave a member without a connection in it.
     */
    private Seq<ChatEvent> end(
            ConnectionId connection, Option<UserName> user, Option<ConnectionId> supersededBy, Instant at) {
        Seq<RoomName> rooms = chat.sessions()
                .get(connection)
                .toVector()
                .flatMap(Session::rooms)
                .sortBy(RoomName::value);
        return rooms.flatMap(room -> user.toVector().flatMap(name -> leave(chat.room(room), connection, name, at)))
                .append(new ChatEvent.Disconnected(connection, user, supersededBy, at));
    }

    private Seq<ChatEvent> leave(Room room, ConnectionId connection, UserName user, Instant at) {
        var roomLeft = new ChatEvent.RoomLeft(room.name(), room.created(), room.seq() + 1, connection, user, at);
        boolean lastMember = room instanceof Room.Open open
                && open.members().keySet().remove(connection).isEmpty();
        return lastMember && policy.closeEmptyRooms()
                ? Vector.of(roomLeft, new ChatEvent.RoomClosed(room.name(), room.created(), room.seq() + 2, at))
                : Vector.of(roomLeft);
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

    /** The open room that the command names. If it names none, the only room that the connection is in. */
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
