package dev.samlocal.lambda;

import dev.samlocal.template.StartException;
import dev.samlocal.template.WebSocketApi.Function;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Finds the code of a function: the class path that {@code CodeUri} describes. */
final class FunctionCode {
    private FunctionCode() {}

    /**
     * The class path of a function: the additional entries, then its {@code CodeUri}. That is a jar, or a folder with classes and
     * with jars in {@code lib}, which is the layout of a Lambda package.
     *
     * @param template the file that {@code CodeUri} is relative to
     * @param additional entries for every function
     * @throws StartException when the handler's class is not on it
     */
    static List<Path> classPath(Function function, Path template, List<Path> additional) {
        List<Path> entries = new ArrayList<>(additional);
        String code = function.codeUri().orElse("");
        if (code.isEmpty() || code.startsWith("s3://") || code.startsWith("{")) {
            if (additional.isEmpty()) {
                throw new StartException("CodeUri is not a file or folder: pass the code with --class-path");
            }
        } else {
            Path path = template.toAbsolutePath().resolveSibling(code).normalize();
            if (!Files.exists(path) && additional.isEmpty()) {
                throw new StartException("CodeUri is " + path + ", which does not exist: build it first");
            }
            entries.add(path);
            File[] jars = path.resolve("lib")
                    .toFile()
                    .listFiles(file -> file.getName().endsWith(".jar"));
            Stream.ofNullable(jars)
                    .flatMap(Arrays::stream)
                    .sorted()
                    .map(File::toPath)
                    .forEach(entries::add);
        }
        String type = Handler.className(function.handler());
        try (var loader = new URLClassLoader(urls(entries), null)) {
            if (loader.findResource(type.replace('.', '/') + ".class") == null) {
                throw new StartException("there is no class " + type + " in " + entries
                        + ": name its build's output with CodeUri or --class-path");
            }
            return entries;
        } catch (IOException e) {
            throw new StartException("its code cannot be read: " + e.getMessage(), e);
        }
    }

    static URL[] urls(List<Path> entries) throws IOException {
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = entries.get(i).toUri().toURL();
        }
        return urls;
    }
}
