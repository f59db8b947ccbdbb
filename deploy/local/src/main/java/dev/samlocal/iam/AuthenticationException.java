package dev.samlocal.iam;

/** A request is not authenticated. The message is for the client. */
public final class AuthenticationException extends Exception {
    private final String error;

    /** @param error the error type, as API Gateway names it */
    AuthenticationException(String error, String message) {
        super(message);
        this.error = error;
    }

    public String error() {
        return error;
    }
}
