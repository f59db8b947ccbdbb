package dev.chatlab.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The gateway as its users start it: a process of its own. */
final class ChildGateway implements AutoCloseable {

    /** How it ended. */
    record End(int exitCode, String out, String err) {}

    private final Process process;
    private final CompletableFuture<String> err;

    private ChildGateway(List<String> jvm, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvm);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).start();
        // Read as it comes, so that a full pipe never holds the child up.
        err = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static ChildGateway of(String... arguments) throws IOException {
        return new ChildGateway(List.of(), List.of(arguments));
    }

    /** On any free port, with so much heap. */
    static ChildGateway withHeap(String heap, String template) throws IOException {
        return new ChildGateway(List.of("-Xmx" + heap), List.of("--port", "0", "--template", template));
    }

    /** The template among the test's resources, on any free port. */
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

    /** What it prints when clients can connect. */
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

    /** As Ctrl-C or a service manager ends it. */
    void terminate() {
        // Process.destroy would close the streams, too.
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
