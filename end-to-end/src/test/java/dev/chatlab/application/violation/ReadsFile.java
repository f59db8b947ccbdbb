package dev.chatlab.application.violation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Breaks the rule of the application: does I/O. */
public final class ReadsFile {

    private ReadsFile() {}

    /** The text of a file. */
    public static String text(Path file) throws IOException {
        return Files.readString(file);
    }
}
