package dev.chatlab.endtoend;

import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** The class loader of the functions as on Lambda: loads from the package alone, except the classes of Lambda's runtime. */
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
