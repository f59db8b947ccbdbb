package dev.chatlab.ports.violation;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;

/** Breaks the rule of the ports: uses a JSON library. */
public final class UsesJson {

    private UsesJson() {}

    /** A value as JSON. */
    public static String json(Object value) throws IOException {
        return JSON.std.asString(value);
    }
}
