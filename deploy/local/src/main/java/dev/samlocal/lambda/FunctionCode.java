package dev.samlocal.lambda;

import dev.samlocal.template.StartException;
import dev.samlocal.template.WebSocketApi.Function;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the code of a function: the class path that {@code CodeUri} describes. */
final class FunctionCode {
    private FunctionCode() {}

    /**
     * The class path of a function: the additional entries, then its {@code CodeUri}: a jar, or a folder with classes and with
     * jars in {@code lib}, as Lambda reads a package.
     *
     * @param template what {@code CodeUri} is relative to
     * @param additional entries for every function
     * @throws StartException when the handler's class is not on it
     */
    static List<Path> classPath(Function function, Path template, List<Path> additional) {
        List<Path> entries = new ArrayList<>(additional);
        var codeUri = function.codeUri().filter(uri -> !uri.startsWith("s3://") && !uri.startsWith("{"));
        var code =
                codeUri.map(uri -> template.toAbsolutePath().resolveSibling(uri).normalize());
        code.filter(Files::exists).ifPresent(path -> {
            entries.add(path);
            entries.addAll(jars(path.resolve("lib")));
        });
        String type = Handler.className(function.handler());
        if (contains(entries, type)) {
            return entries;
        }
        if (code.isEmpty() && additional.isEmpty()) {
            throw new StartException("CodeUri is not a file or folder: pass its jar or folder with --class-path");
        }
        if (code.isPresent() && !Files.exists(code.get())) {
            throw new StartException("CodeUri is " + code.get() + ", which does not exist: build it first");
        }
        throw new StartException("there is no class " + type + " in "
                + entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))
                + code.filter(FunctionCode::isProject)
                        .map(path -> ": " + path + " is a project, not its build's output: pass that with --class-path")
                        .orElse(""));
    }

    private static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StartException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean contains(List<Path> entries, String type) {
        try (var loader = new URLClassLoader(urls(entries), null)) {
            return loader.findResource(type.replace('.', '/') + ".class") != null;
        } catch (IOException e) {
            throw new StartException("its code cannot be read: " + e.getMessage(), e);
        }
    }

    private static URL[] urls(List<Path> entries) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (Path entry : entries) {
            urls.add(entry.toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    private static boolean isProject(Path folder) {
        return Files.exists(folder.resolve("pom.xml")) || Files.exists(folder.resolve("build.gradle"));
    }
}
