package dev.samlocal.violation;

import dev.chatlab.domain.RoomName;

/** Breaks the rule of the local gateway: knows a type of the chat. */
public final class KnowsTheChat {

    private KnowsTheChat() {}

    /** The name of a room. */
    public static String name(RoomName room) {
        return room.value();
    }
}
