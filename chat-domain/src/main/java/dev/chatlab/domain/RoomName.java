package dev.chatlab.domain;

import io.vavr.control.Either;

/**
 * A room's name: 1 to 32 code points on one line.
 *
 * <p>The constructor takes a stored value as it is. Input from outside goes through {@link #of}, which checks the limits.
 */
public record RoomName(String value) {

    private static final TextRule RULE = TextRule.singleLine("room name", 32);

    /** A client's input in normal form (NFC, without surrounding white space), or why it is rejected. */
    public static Either<Rejection, RoomName> of(String raw) {
        return RULE.normalise(raw).map(RoomName::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
