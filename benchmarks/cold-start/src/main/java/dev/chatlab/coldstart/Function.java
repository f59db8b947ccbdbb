package dev.chatlab.coldstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipFile;

/**
 * A function as Lambda starts it: AWS's own runtime interface client, in a process of its own, on the unpacked package.
 *
 * @param task the folder that the package is unpacked in, {@code /var/task} on Lambda
 * @param environment what the function has besides what Lambda sets
 */
record Function(String handler, Path task, Map<String, String> environment) {

    /** What is in {@code /var/runtime/lib}. */
    private static final Path RUNTIME = Path.of("target", "runtime");

    private static final int MEGABYTES = 1024;

    /**
     * As Lambda starts a JVM, by what functions have printed of their own command line (for Java 17 and with 4,640 MB of memory:
     * https://github.com/sigpwned/popular-names-lambda). The heap is 85 % of the memory. Lambda has the runtime interface client in
     * an archive of classes; here is the JDK's own only, for the functions as for what they are held against.
     */
    private static final List<String> JVM = List.of(
            "-XX:MaxHeapSize=" + MEGABYTES * 1024 * 85L / 100 + "k",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
            "-Djava.net.preferIPv4Stack=true");

    /**
     * Java 25 on Lambda stops at the quick compiler, except with SnapStart
     * (https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html).
     */
    private static final List<String> QUICK = List.of("-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1");

    /** How a function comes to be. */
    enum Start {
        /** From nothing. */
        ON_DEMAND("on-demand"),
        /** From a snapshot of itself. What is restored here is the process that was to be snapshot, as it stands. */
        SNAP_START("snap-start");

        private final String type;

        Start(String type) {
            this.type = type;
        }
    }

    /**
     * When things had happened, in milliseconds from when the process was started; how long its threads were at work, together; and
     * how the event was answered.
     */
    record Run(double snapshot, double ready, double answered, double processor, String answer) {}

    /** Starts the function, has it handle one event, and ends it. */
    Run answer(String event, Start start, List<String> flags) throws IOException, InterruptedException {
        Path output = Files.createTempFile("function", ".log");
        try (var api = new RuntimeApi(event)) {
            var builder = new ProcessBuilder(command(start, flags))
                    .directory(task.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(lambda(api, start));
            builder.environment().putAll(environment);
            long begin = System.nanoTime();
            Process process = builder.start();
            try {
                CompletableFuture.anyOf(api.answered, process.onExit()).get(60, TimeUnit.SECONDS);
                if (!api.answered.isDone()) {
                    throw new IllegalStateException(handler + " ended: " + Files.readString(output));
                }
                RuntimeApi.Answer answer = api.answered.join();
                return new Run(
                        millis(begin, api.snapshot.getNow(begin)),
                        millis(begin, api.ready.getNow(begin)),
                        millis(begin, answer.at()),
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis(),
                        answer.body());
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException(handler + " did not answer: " + Files.readString(output), e);
            } finally {
                process.destroyForcibly().waitFor();
            }
        } finally {
            Files.delete(output);
        }
    }

    private static double millis(long from, long to) {
        return (to - from) / 1e6;
    }

    private List<String> command(Start start, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        if (start == Start.ON_DEMAND) {
            command.addAll(QUICK);
        }
        command.addAll(flags);
        command.add("-classpath");
        try (var jars = Files.list(RUNTIME)) {
            command.add(String.join(
                    ":",
                    jars.map(jar -> jar.toAbsolutePath().toString()).sorted().toList()));
        }
        command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
        command.add(handler);
        return command;
    }

    /** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
    private Map<String, String> lambda(RuntimeApi api, Start start) {
        Map<String, String> variables = new HashMap<>();
        variables.put("_HANDLER", handler);
        variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", start.type);
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "function");
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(MEGABYTES));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/function");
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[1]0");
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        variables.put("AWS_REGION", "us-east-1");
        variables.put("AWS_DEFAULT_REGION", "us-east-1");
        variables.put("LAMBDA_TASK_ROOT", task.toString());
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        return variables;
    }

    /** Unpacks a package as Lambda does. */
    static Path unpack(Path jar, Path into) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            zip.stream().filter(entry -> !entry.isDirectory()).forEach(entry -> {
                Path file = into.resolve(entry.getName()).normalize();
                if (!file.startsWith(into)) {
                    throw new IllegalArgumentException(jar + " leads out of its folder: " + entry);
                }
                try (InputStream content = zip.getInputStream(entry)) {
                    Files.createDirectories(file.getParent());
                    Files.copy(content, file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return into;
    }
}
