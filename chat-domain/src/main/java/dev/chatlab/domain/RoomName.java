package dev.chatlab.domain;

import io.vavr.control.Either;

/** A room's name: 1 to 32 code points on one line. */
public record RoomName(String value) {

    private static final TextRule RULE = TextRule.line("room name", 32);

    /**
     * For a value that was one before, such as one read from a store.
     *
     * @throws IllegalArgumentException if it never was one
     */
    public RoomName {
        RULE.require(value);
    }

    /** What somebody typed, in normal form (NFC, stripped), or why it was refused. */
    public static Either<Rejection, RoomName> of(String raw) {
        return RULE.normalise(raw).map(RoomName::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
