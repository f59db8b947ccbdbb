package dev.chatlab.ports;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Room;
import io.vavr.collection.Seq;

/** What has been said in a room. */
public interface History {

    /** How many events {@link #latest} looks back over at most. */
    int REACH = 500;

    /**
     * The first messages after an event, at most {@code limit}, in order: of this life of the room and no later than the
     * state it is asked for, and of those none is missing.
     */
    Page after(long seq, Room.Open room, int limit);

    /**
     * The last messages, at most {@code limit}, in order, under the same terms; those among the last {@link #REACH} events,
     * so that a crowd that came and went costs no more than a crowd that talked.
     */
    Page latest(Room.Open room, int limit);

    /**
     * Some messages in a row.
     *
     * @param more whether there are messages after them, up to the state that was asked for
     */
    record Page(Seq<ChatEvent.MessageSent> messages, boolean more) {}
}
