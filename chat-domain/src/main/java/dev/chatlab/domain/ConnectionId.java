package dev.chatlab.domain;

import io.vavr.control.Either;

/**
 * A connection's id, chosen by the host that accepted the connection: 1 to 128 code points on one line.
 *
 * <p>The constructor takes a stored value as it is. Input from outside goes through {@link #of}, which checks the limits.
 */
public record ConnectionId(String value) {

    private static final TextRule RULE = TextRule.singleLine("connection id", 128);

    /** A host's id in normal form (NFC, without surrounding white space), or why it is rejected. */
    public static Either<Rejection, ConnectionId> of(String raw) {
        return RULE.normalise(raw).map(ConnectionId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
