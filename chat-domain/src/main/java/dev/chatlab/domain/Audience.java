package dev.chatlab.domain;

import io.vavr.collection.Set;

/** The recipients of an event. */
public sealed interface Audience {

    /** The given members of a room. */
    record Members(RoomName room, Set<ConnectionId> connections) implements Audience {}

    /** Every registered connection. */
    record Registered() implements Audience {}

    /** One connection. */
    record SingleConnection(ConnectionId connection) implements Audience {}

    /** No connection. The sender of the command gets its reply and nothing else. */
    record None() implements Audience {}
}
