package dev.chatlab.protocol;

import dev.chatlab.application.Reply;
import dev.chatlab.domain.Rejection;
import io.vavr.control.Option;

/**
 * The content of an error frame.
 *
 * @param code a stable code for programs
 * @param message a sentence for people; it may change between versions
 */
public record ErrorResponse(String code, String message) {

    /** The command's deadline passed. The client may try again. */
    public static final ErrorResponse BUSY =
            new ErrorResponse("busy", "The chat is overloaded at the moment. Try again.");

    /** The server failed. The cause is in its log. */
    public static final ErrorResponse INTERNAL = new ErrorResponse("internal", "The server failed. Try again later.");

    /** The frame names no action, or one that does not exist. */
    public static final ErrorResponse UNKNOWN_ACTION = new ErrorResponse("unknown-action", "No such action.");

    /** Another connection took the user name over. */
    public static final ErrorResponse SIGNED_IN_ELSEWHERE =
            new ErrorResponse("signed-in-elsewhere", "You signed in on another connection. This one is signed out.");

    /** The error of a command that was not accepted; none for an accepted one. */
    public static Option<ErrorResponse> of(Reply reply) {
        return switch (reply) {
            case Reply.Accepted accepted -> Option.none();
            case Reply.Rejected rejected -> Option.some(of(rejected.rejection()));
            case Reply.Busy busy -> Option.some(BUSY);
        };
    }

    /** The error of a rejected command or value. */
    public static ErrorResponse of(Rejection rejection) {
        return new ErrorResponse(rejection.code(), rejection.message());
    }

    static ErrorResponse malformed(String message) {
        return new ErrorResponse("malformed", message);
    }

    /** The error frame without details of the request. */
    public Frame frame() {
        return Frame.of("error").with("code", code).with("message", message);
    }
}
