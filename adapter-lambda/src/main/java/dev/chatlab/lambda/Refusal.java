package dev.chatlab.lambda;

import dev.chatlab.domain.Rejection;

/** An error frame's substance: a stable code for programs, a sentence for people. */
record Refusal(String code, String message) {

    static final Refusal BUSY = new Refusal("busy", "There is too much going on right now. Try again.");
    static final Refusal INTERNAL = new Refusal("internal", "Something is broken on our side. Try again later.");
    static final Refusal UNKNOWN_ACTION = new Refusal("unknown-action", "No such action.");
    static final Refusal SIGNED_IN_ELSEWHERE =
            new Refusal("signed-in-elsewhere", "You go on in another window. This one is signed out.");

    /** Counted, and never a frame: there is no connection yet to send one to. */
    static final Refusal FOREIGN_ORIGIN = new Refusal("foreign-origin", "Pages of this origin may not connect.");

    static Refusal of(Rejection rejection) {
        return new Refusal(rejection.code(), rejection.message());
    }

    static Refusal malformed(String message) {
        return new Refusal("malformed", message);
    }

    Frame frame() {
        return Frame.of("error").with("code", code).with("message", message);
    }
}
