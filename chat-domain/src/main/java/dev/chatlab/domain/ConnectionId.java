package dev.chatlab.domain;

import io.vavr.control.Either;

/** A WebSocket connection's id, as whoever accepted the connection names it: 1 to 128 code points. */
public record ConnectionId(String value) {

    private static final TextRule RULE = TextRule.line("connection id", 128);

    /**
     * For a value that was one before, such as one read from a store.
     *
     * @throws IllegalArgumentException if it never was one
     */
    public ConnectionId {
        RULE.require(value);
    }

    /** What somebody typed, in normal form (NFC, stripped), or why it was refused. */
    public static Either<Rejection, ConnectionId> of(String raw) {
        return RULE.normalise(raw).map(ConnectionId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
