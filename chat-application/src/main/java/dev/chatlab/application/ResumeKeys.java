package dev.chatlab.application;

import dev.chatlab.domain.ResumeKey;
import java.security.SecureRandom;
import java.util.Base64;

/** Generates resume keys. */
public final class ResumeKeys {

    private ResumeKeys() {}

    /** A new key of 256 random bits. Each call asks the operating system, so processes restored from one snapshot differ. */
    public static ResumeKey random() {
        byte[] bits = new byte[32];
        new SecureRandom().nextBytes(bits);
        return new ResumeKey(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }
}
