package dev.chatlab.domain;

import io.vavr.collection.Set;

/** Who hears of an event. */
public sealed interface Audience {

    /** These members of a room. */
    record Members(RoomName room, Set<ConnectionId> connections) implements Audience {}

    /** Everyone registered. */
    record Everyone() implements Audience {}

    /** One connection. */
    record One(ConnectionId connection) implements Audience {}

    /** Only whoever asked, by the answer. */
    record Nobody() implements Audience {}
}
