package dev.chatlab.local.iam;

/** Whether it is known who makes a request. */
public sealed interface Authentication {

    /** Somebody whose signature is right, in time and of this request. */
    record Authenticated(Principal principal) implements Authentication {}

    /**
     * Nobody.
     *
     * @param error the type of the error, as API Gateway names it
     * @param message in AWS's words
     */
    record Refused(String error, String message) implements Authentication {}
}
