package dev.chatlab.local;

/** A gateway that cannot start although its template is sound; its message is one line. */
public final class StartException extends RuntimeException {
    StartException(String message, Throwable cause) {
        super(message.replaceAll("\\s*\\R\\s*", " "), cause);
    }

    StartException(String message) {
        super(message.replaceAll("\\s*\\R\\s*", " "));
    }
}
