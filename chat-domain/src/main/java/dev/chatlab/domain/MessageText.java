package dev.chatlab.domain;

import io.vavr.control.Either;

/** What somebody says: 1 to 4,000 code points; line feeds and tabs are its only control characters. */
public record MessageText(String value) {

    private static final TextRule RULE = TextRule.text("message", 4_000);

    /**
     * For a value that was one before, such as one read from a store.
     *
     * @throws IllegalArgumentException if it never was one
     */
    public MessageText {
        RULE.require(value);
    }

    /** What somebody typed, in normal form (NFC, line breaks as line feeds), or why it was refused. */
    public static Either<Rejection, MessageText> of(String raw) {
        return RULE.normalise(raw).map(MessageText::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
