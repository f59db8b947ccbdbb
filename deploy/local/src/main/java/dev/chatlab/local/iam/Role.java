package dev.chatlab.local.iam;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A role: its name, and the statements of all its policies. */
public record Role(String name, List<Statement> statements) {

    public Role {
        statements = List.copyOf(statements);
    }

    /** As IAM's unique ids look; here, a name always has the same. */
    String id() {
        var digits = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return "AROA" + digits.substring(0, 17).toUpperCase(Locale.ROOT);
    }
}
