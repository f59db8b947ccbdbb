package dev.chatlab.ports;

import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Seq;

/** Who and what there is. May lag a moment behind the appends; never names what never was. */
public interface Directory {

    /** The open rooms, by name. */
    Seq<RoomName> openRooms();

    /** Everyone registered, by name. */
    Seq<Registered> registered();

    /** A user name and the connection that holds it. */
    record Registered(UserName user, ConnectionId connection) {}
}
