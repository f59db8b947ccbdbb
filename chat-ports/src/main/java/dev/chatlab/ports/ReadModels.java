package dev.chatlab.ports;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Seq;

/**
 * The lists that are derived from the events: open rooms and registered users. They may lag behind the last appends, and contain
 * only entries that the events contain. Sorted by the code points of the names.
 */
public interface ReadModels {

    /** The open rooms. */
    Seq<RoomName> openRooms();

    /** The registered users. */
    Seq<RegisteredUser> registered();

    /** A user name and the connection that holds it. */
    record RegisteredUser(UserName user, ConnectionId connection) {}
}
