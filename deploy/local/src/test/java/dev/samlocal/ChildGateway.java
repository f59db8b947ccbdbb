package dev.samlocal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The gateway as its users start it: a process. */
final class ChildGateway implements AutoCloseable {

    /** The result of the ended process. */
    record End(int exitCode, String out, String err) {}

    private final Process process;
    private final CompletableFuture<String> err;

    private ChildGateway(ProcessBuilder builder) throws IOException {
        process = builder.start();
        // Read continuously, because a full pipe would block the child.
        err = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static ChildGateway of(String... arguments) throws IOException {
        return onClassPath(List.of(), List.of(arguments));
    }

    /** On any free port, with a limited heap. */
    static ChildGateway withHeap(String heap, String template) throws IOException {
        return onClassPath(List.of("-Xmx" + heap), List.of("--port", "0", "--template", template));
    }

    /** The packaged tool, started in a directory with {@code java -jar}. */
    static ChildGateway packaged(Path directory, String... arguments) throws IOException {
        Path jar = Path.of("target", "sam-websocket-local.jar").toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(java(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return new ChildGateway(new ProcessBuilder(command).directory(directory.toFile()));
    }

    private static ChildGateway onClassPath(List<String> jvm, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(jvm);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return new ChildGateway(new ProcessBuilder(command));
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** A template among the test resources, on any free port. */
    static ChildGateway serving(String template, String... more) throws IOException {
        return of(Stream.concat(
                        Stream.of(
                                "--port",
                                "0",
                                "--template",
                                TestApi.resource(template).toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    /** The endpoint that it prints when clients can connect. */
    URI endpoint() throws IOException {
        var line = new StringBuilder();
        for (int next = process.getInputStream().read();
                next != '\n';
                next = process.getInputStream().read()) {
            if (next == -1) {
                throw new AssertionError("it did not start: " + err.join());
            }
            line.append((char) next);
        }
        return URI.create(line.toString().strip());
    }

    /** Sends SIGTERM. */
    void terminate() {
        // Process.destroy would also close the streams.
        process.toHandle().destroy();
    }

    /** Waits for the end. */
    End end() throws Exception {
        if (!process.waitFor(TestApi.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return new End(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                err.join());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
