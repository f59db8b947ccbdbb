package dev.chatlab.domain;

import io.vavr.control.Either;

/**
 * A message's idempotency key, chosen by the client: 1 to 64 code points on one line. A message that is sent twice with one id is
 * stored once.
 *
 * <p>The constructor takes a stored value as it is. Input from outside goes through {@link #of}, which checks the limits.
 */
public record ClientMessageId(String value) {

    private static final TextRule RULE = TextRule.singleLine("message id", 64);

    /** A client's input in normal form (NFC, without surrounding white space), or why it is rejected. */
    public static Either<Rejection, ClientMessageId> of(String raw) {
        return RULE.normalise(raw).map(ClientMessageId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
