package dev.chatlab.domain;

/** The name of a stream of events. There is one stream for each connection, user name and room name. */
public sealed interface StreamId {

    /** {@code connection/<id>}: one connection's events, except its messages. */
    record OfConnection(ConnectionId connection) implements StreamId {
        @Override
        public String toString() {
            return "connection/" + connection;
        }
    }

    /** {@code user/<name>}: the events of one user name's reservations. */
    record OfUser(UserName user) implements StreamId {
        @Override
        public String toString() {
            return "user/" + user;
        }
    }

    /** {@code room/<name>}: the events of all rooms that had this name, one room after another. */
    record OfRoom(RoomName room) implements StreamId {
        @Override
        public String toString() {
            return "room/" + room;
        }
    }

    static StreamId of(ConnectionId connection) {
        return new OfConnection(connection);
    }

    static StreamId of(UserName user) {
        return new OfUser(user);
    }

    static StreamId of(RoomName room) {
        return new OfRoom(room);
    }
}
