package dev.samlocal.template;

import org.jspecify.annotations.Nullable;

/** The gateway cannot start. The message is one line that says why. */
public class StartException extends RuntimeException {
    public StartException(String message, @Nullable Throwable cause) {
        super(message.replaceAll("\\s*\\R\\s*", " "), cause);
    }

    public StartException(String message) {
        this(message, null);
    }
}
