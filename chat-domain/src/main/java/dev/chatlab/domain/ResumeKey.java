package dev.chatlab.domain;

import io.vavr.control.Either;
import java.util.HexFormat;

/** A secret that takes a user name over from the connection that holds it: 16 to 128 visible ASCII characters. */
public record ResumeKey(String value) {

    private static final int MIN = 16;
    private static final int MAX = 128;

    /**
     * For a key that was one before.
     *
     * @throws IllegalArgumentException if it never was one
     */
    public ResumeKey {
        if (!isKey(value)) {
            throw new IllegalArgumentException(new Rejection.InvalidKey(MIN, MAX).message());
        }
    }

    /** The key that somebody shows, or why it cannot be one. */
    public static Either<Rejection, ResumeKey> of(String raw) {
        return isKey(raw) ? Either.right(new ResumeKey(raw)) : Either.left(new Rejection.InvalidKey(MIN, MAX));
    }

    /** What events and stores hold instead of the key: who can read them cannot take over anybody's name. */
    public Digest digest() {
        return new Digest(HexFormat.of().formatHex(Sha256.of(value)));
    }

    /** Keeps the secret out of logs. */
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
