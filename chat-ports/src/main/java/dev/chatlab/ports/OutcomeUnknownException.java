package dev.chatlab.ports;

/** An append's answer was lost: it may or may not have happened. The same append, repeated, tells. */
public final class OutcomeUnknownException extends StoreException {

    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }

    public OutcomeUnknownException(String message) {
        super(message);
    }
}
