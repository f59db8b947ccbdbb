package dev.chatlab.domain;

import io.vavr.control.Either;

/**
 * An identity that the host verified when it accepted the connection: 1 to 2,048 code points on one line.
 *
 * <p>An anonymous guest may have an identity, too. It proves only that two connections belong to the same guest: one person can
 * have any number of guest identities.
 *
 * <p>The constructor takes a stored value as it is. Input from outside goes through {@link #of}, which checks the limits.
 */
public record Identity(String value) {

    private static final TextRule RULE = TextRule.singleLine("identity", 2_048);

    /** A verified identity in normal form (NFC, without surrounding white space), or why it is rejected. */
    public static Either<Rejection, Identity> of(String raw) {
        return RULE.normalise(raw).map(Identity::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
