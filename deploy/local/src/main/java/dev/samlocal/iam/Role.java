package dev.samlocal.iam;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A role: its name, and the statements of all its policies. */
public record Role(String name, List<Statement> statements) {

    /** An id in the form of IAM's unique ids, derived from the name. */
    String id() {
        var uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return "AROA" + uuid.toString().replace("-", "").substring(0, 17).toUpperCase(Locale.ROOT);
    }
}
