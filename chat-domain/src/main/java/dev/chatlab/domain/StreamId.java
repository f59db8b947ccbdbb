package dev.chatlab.domain;

/** The name of a stream of events: one for each connection, user name and room name. */
public sealed interface StreamId {

    /** {@code connection/<id>}: what one connection did, but for what it said. */
    record OfConnection(ConnectionId connection) implements StreamId {
        @Override
        public String toString() {
            return "connection/" + connection;
        }
    }

    /** {@code user/<name>}: who held a user name. */
    record OfUser(UserName user) implements StreamId {
        @Override
        public String toString() {
            return "user/" + user;
        }
    }

    /** {@code room/<name>}: everything that happened in the rooms of one name, one after the other. */
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
