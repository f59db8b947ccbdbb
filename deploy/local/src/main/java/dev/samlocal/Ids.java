package dev.samlocal;

import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Ids in API Gateway's form: 15 characters of base64 and a {@code =}, which a URL carries as {@code %3D}. */
final class Ids {
    private static final Pattern WELL_FORMED =
            Pattern.compile("(?!$)(?:[A-Za-z0-9_+/-]{4})*(?:[A-Za-z0-9_+/-]{3}=|[A-Za-z0-9_+/-]{2}==)?");

    private Ids() {}

    static String random() {
        byte[] bytes = new byte[11];
        ThreadLocalRandom.current().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    static boolean isWellFormed(String id) {
        return WELL_FORMED.matcher(id).matches();
    }
}
