package dev.chatlab.endtoend;

import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Loads the functions as Lambda does: from the package alone, but for what Lambda's runtime has itself. */
final class PackageLoader extends ClassLoader {

    static final Path PACKAGE = Path.of("..", "deploy", "sam", "target", "chat-lambda.jar");
    private static final String RUNTIME = "com.amazonaws.services.lambda.runtime.";

    private PackageLoader() {
        super(getPlatformClassLoader());
    }

    static ClassLoader open() {
        try {
            return new URLClassLoader(new URL[] {PACKAGE.toUri().toURL()}, new PackageLoader());
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith(RUNTIME)) {
            return PackageLoader.class.getClassLoader().loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
