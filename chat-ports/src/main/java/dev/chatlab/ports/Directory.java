package dev.chatlab.ports;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Seq;

/** Who and what there is. May lag a moment behind the appends; never names what never was. In the order of the names' code points. */
public interface Directory {

    /** The open rooms. */
    Seq<RoomName> openRooms();

    /** Everyone registered. */
    Seq<Registered> registered();

    /** A user name and the connection that holds it. */
    record Registered(UserName user, ConnectionId connection) {}
}
