package dev.chatlab.local;

import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Ids as API Gateway makes them: 15 characters of base64 and a {@code =}, which travels as {@code %3D}. */
final class Ids {
    private static final int BYTES = 11;
    private static final Pattern WELL_FORMED =
            Pattern.compile("(?:[A-Za-z0-9_+/-]{4})*(?:[A-Za-z0-9_+/-]{3}=|[A-Za-z0-9_+/-]{2}==)?");

    private Ids() {}

    static String random() {
        byte[] bytes = new byte[BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /** Whether it could be an id, of a connection that was or was not. */
    static boolean wellFormed(String id) {
        return !id.isEmpty() && WELL_FORMED.matcher(id).matches();
    }
}
