package dev.chatlab.domain;

import io.vavr.control.Either;

/**
 * The text of a message: 1 to 4,000 code points. Line feeds and tabs are the only control characters in it.
 *
 * <p>The constructor takes a stored value as it is. Input from outside goes through {@link #of}, which checks the limits.
 */
public record MessageText(String value) {

    private static final TextRule RULE = TextRule.multiLine("message", 4_000);

    /** A client's input in normal form (NFC, line breaks as line feeds), or why it is rejected. */
    public static Either<Rejection, MessageText> of(String raw) {
        return RULE.normalise(raw).map(MessageText::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
