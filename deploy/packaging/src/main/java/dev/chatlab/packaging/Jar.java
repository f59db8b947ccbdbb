package dev.chatlab.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * What is in a jar, by name.
 *
 * @param files without directories
 */
record Jar(SortedMap<String, byte[]> files) {

    static final String CLASS = ".class";

    static Jar read(Path path) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (var zip = new ZipFile(path.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()) {
                    files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
        }
        return new Jar(files);
    }

    /** Writes the same bytes for the same files and the same time, which all of them get. */
    void write(Path path, LocalDateTime time) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
            for (var file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(time);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
    }
}
