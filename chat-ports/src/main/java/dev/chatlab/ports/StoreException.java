package dev.chatlab.ports;

/**
 * The store failed: it is broken, unreachable or overloaded. An append that throws it is not stored, unless the message says that
 * the outcome is unknown.
 */
public class StoreException extends RuntimeException {

    /** Creates an exception with a cause. */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Creates an exception without a cause. */
    public StoreException(String message) {
        super(message);
    }
}
