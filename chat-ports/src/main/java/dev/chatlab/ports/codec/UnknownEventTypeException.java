package dev.chatlab.ports.codec;

import dev.chatlab.ports.StoreException;

/** A stored event has a type that this program does not know. A newer program probably wrote it. */
public final class UnknownEventTypeException extends StoreException {

    private final String type;

    UnknownEventTypeException(String type) {
        super("unknown event type " + type);
        this.type = type;
    }

    /** The type name as stored. */
    public String type() {
        return type;
    }
}
