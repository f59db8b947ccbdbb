package dev.chatlab.domain;

import io.vavr.control.Either;
import java.util.HexFormat;

/**
 * A secret with which a client takes its user name over on another connection: 16 to 128 visible ASCII characters.
 *
 * <p>The constructor takes a value as it is. Input from outside goes through {@link #of}, which checks the limits.
 */
public record ResumeKey(String value) {

    private static final int MIN = 16;
    private static final int MAX = 128;

    /** A client's input as a key, or why it is rejected. */
    public static Either<Rejection, ResumeKey> of(String raw) {
        return isKey(raw) ? Either.right(new ResumeKey(raw)) : Either.left(new Rejection.InvalidKey(MIN, MAX));
    }

    /** The digest that events contain instead of the key, so that a reader of events cannot take the name over. */
    public Digest digest() {
        return new Digest(HexFormat.of().formatHex(Sha256.of(value)));
    }

    /** Does not contain the secret, so that no log contains it. */
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
