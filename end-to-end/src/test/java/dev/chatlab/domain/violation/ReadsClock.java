package dev.chatlab.domain.violation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** Breaks the rules of the domain: reads the clock, draws random numbers and reads a file. */
public final class ReadsClock {

    private ReadsClock() {}

    /** Text that depends on everything that a domain must not depend on. */
    public static String now(Path file) throws IOException {
        return Instant.now() + " " + UUID.randomUUID() + " " + Files.readString(file);
    }
}
