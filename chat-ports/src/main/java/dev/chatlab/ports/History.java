package dev.chatlab.ports;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Room;
import io.vavr.collection.Seq;

/** The messages of a room. */
public interface History {

    /** The largest number of events that {@link #latest} looks back over. */
    int MAX_LOOKBACK = 500;

    /**
     * The first messages after an event, in order and without gaps. They do not include messages of earlier rooms with the same
     * name, and none that is later than the given state.
     *
     * @param seq the event after which the page starts
     * @param limit the largest number of messages
     */
    Page after(long seq, Room.Open room, int limit);

    /**
     * The last messages up to the given state, in order and without gaps. Only the last {@link #MAX_LOOKBACK} events are read, so
     * that the cost has a bound when many members joined and left.
     *
     * @param limit the largest number of messages
     */
    Page latest(Room.Open room, int limit);

    /**
     * Consecutive messages of a room.
     *
     * @param more whether further messages follow, up to the given state
     */
    record Page(Seq<ChatEvent.MessageSent> messages, boolean more) {}
}
