package dev.chatlab.ports;

import dev.chatlab.domain.ResumeKey;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes resume keys that nobody guesses. */
public final class ResumeKeys {

    private ResumeKeys() {}

    /** A new key of 256 random bits; made anew at each call, so that no snapshot of a process repeats one. */
    public static ResumeKey random() {
        byte[] bits = new byte[32];
        new SecureRandom().nextBytes(bits);
        return new ResumeKey(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }
}
