package dev.chatlab.packaging;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The JDK's own classes as files, for tools that ask what they look like: since a JDK may come without its {@code jmods}
 * (<a href="https://openjdk.org/jeps/493">JEP 493</a>), they are taken from the one that runs this.
 */
final class Platform {

    private Platform() {}

    /** Takes a folder, and the modules of which each gets one of its own there. */
    public static void main(String[] arguments) throws IOException {
        List<String> given = List.of(arguments);
        for (String module : given.subList(1, given.size())) {
            extract(module, Path.of(given.getFirst()));
        }
    }

    static void extract(String module, Path into) throws IOException {
        Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
        try (var files = Files.walk(modules.resolve(module))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path copy = into.resolve(modules.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
