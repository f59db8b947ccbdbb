package dev.chatlab.domain;

import io.vavr.control.Either;
import java.util.HexFormat;

/**
 * A secret that takes a user name over from the connection that holds it: 16 to 128 visible ASCII characters.
 *
 * <p>The constructor takes a value as it is. Input from outside goes through {@link #of}, which checks the limits.
 */
public record ResumeKey(String value) {

    private static final int MIN = 16;
    private static final int MAX = 128;

    /** A key that a client sent, or why it is rejected. */
    public static Either<Rejection, ResumeKey> of(String raw) {
        return isKey(raw) ? Either.right(new ResumeKey(raw)) : Either.left(new Rejection.InvalidKey(MIN, MAX));
    }

    /** The digest that events and stores contain instead of the key. A reader of events cannot take a name over with it. */
    public Digest digest() {
        return new Digest(HexFormat.of().formatHex(Sha256.of(value)));
    }

    /** Does not contain the secret, so that logs do not. */
    @Override
    public String toString() {
        return "ResumeKey[…]";
    }

    private static boolean isKey(String raw) {
        return raw.length() >= MIN && raw.length() <= MAX && raw.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** A resume key's SHA-256, in hexadecimal. */
    public record Digest(String value) {}
}
