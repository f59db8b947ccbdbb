package dev.chatlab.ports;

/** The answer to an append was lost: the append may or may not be stored. Repeating the same append settles it. */
public final class OutcomeUnknownException extends StoreException {

    /** Creates an exception with a cause. */
    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Creates an exception without a cause. */
    public OutcomeUnknownException(String message) {
        super(message);
    }
}
