package dev.chatlab.ports;

/**
 * The store could not do what it was asked: it is broken, unreachable or overloaded. What was to be appended is not, unless the
 * message says that there is no telling.
 */
public class StoreException extends RuntimeException {

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
