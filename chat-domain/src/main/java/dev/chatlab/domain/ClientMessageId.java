package dev.chatlab.domain;

import io.vavr.control.Either;

/** The name a client gives a message, so that sending it twice is sending it once: 1 to 64 code points. */
public record ClientMessageId(String value) {

    private static final TextRule RULE = TextRule.line("message id", 64);

    /**
     * For a value that was one before, such as one read from a store.
     *
     * @throws IllegalArgumentException if it never was one
     */
    public ClientMessageId {
        RULE.require(value);
    }

    /** What somebody typed, in normal form (NFC, stripped), or why it was refused. */
    public static Either<Rejection, ClientMessageId> of(String raw) {
        return RULE.normalise(raw).map(ClientMessageId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
