package dev.chatlab.domain;

import io.vavr.control.Either;

/**
 * Who somebody is beyond this chat, as whoever accepted the connection has verified it: 1 to 2,048 code points. A guest's proves
 * no more than that the same anonymous guest is there again, and anyone can be any number of guests.
 */
public record Identity(String value) {

    private static final TextRule RULE = TextRule.line("identity", 2_048);

    /**
     * For a value that was one before, such as one read from a store.
     *
     * @throws IllegalArgumentException if it never was one
     */
    public Identity {
        RULE.require(value);
    }

    /** What somebody was verified as, in normal form (NFC, stripped), or why it was refused. */
    public static Either<Rejection, Identity> of(String raw) {
        return RULE.normalise(raw).map(Identity::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
