package dev.chatlab.domain;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Option;

/** Computes a command's consistency boundary: the streams that the command names, and the streams that their states refer to. */
final class Boundary {

    private Boundary() {}

    static Set<StreamId> of(ChatCommand command, Chat chat) {
        Set<StreamId> own = HashSet.of(StreamId.of(command.connection()));
        return switch (command) {
            case ChatCommand.Connect c -> own;
            case ChatCommand.RegisterUser c ->
                own.add(StreamId.of(c.user()))
                        .addAll(chat.reservations()
                                .get(c.user())
                                .filter(reservation -> reservation.canBeTakenOverBy(c))
                                .map(reservation -> session(reservation.connection(), chat))
                                .getOrElse(HashSet.empty()));
            case ChatCommand.CreateRoom c -> own.add(StreamId.of(c.room()));
            case ChatCommand.JoinRoom c -> own.add(StreamId.of(c.room()));
            case ChatCommand.SendMessage c ->
                c.room().fold(() -> own.addAll(onlyRoom(c.connection(), chat)), room -> HashSet.of(StreamId.of(room)));
            case ChatCommand.LeaveRoom c ->
                own.addAll(c.room().map(StreamId::of).orElse(() -> onlyRoom(c.connection(), chat)));
            case ChatCommand.Disconnect c -> session(c.connection(), chat);
        };
    }

    /** The streams that end with a session: the connection's, its user name's and those of its rooms. */
    private static Set<StreamId> session(ConnectionId connection, Chat chat) {
        Set<StreamId> own = HashSet.of(StreamId.of(connection));
        return chat.sessions()
                .get(connection)
                .fold(
                        () -> own,
                        session -> own.addAll(session.user().map(StreamId::of))
                                .addAll(session.rooms().map(StreamId::of)));
    }

    /** The stream of the connection's room, if it is in exactly one. */
    private static Option<StreamId> onlyRoom(ConnectionId connection, Chat chat) {
        return chat.sessions()
                .get(connection)
                .map(Session::rooms)
                .filter(rooms -> rooms.size() == 1)
                .map(rooms -> StreamId.of(rooms.head()));
    }
}
