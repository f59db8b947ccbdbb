package dev.chatlab.coldstart;

import dev.samlocal.template.WebSocketApi.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A function as Lambda starts it: Lambda's own runtime client in a process of its own, on the unpacked package. */
final class FunctionProcess implements AutoCloseable {

    /** The jars in Lambda's {@code /var/runtime/lib}. */
    private static final Path RUNTIME = Path.of("target", "runtime");

    /** The unpacked package: {@code /var/task} on Lambda. */
    private static final Path TASK = Path.of("target", "task").toAbsolutePath();

    private static final int MEGABYTES = 1024;

    /**
     * The flags of Lambda's JVM, as a function printed them (https://github.com/sigpwned/popular-names-lambda). The heap is 85 % of
     * the memory. One difference: Lambda has a CDS archive with its runtime client, and this JVM has the JDK's default archive only.
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
     * Java 25 on Lambda uses the C1 compiler only, except with SnapStart
     * (https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html).
     */
    private static final List<String> WITHOUT_SNAP_START = List.of("-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1");

    /** How Lambda initialises the function. The process that was to be snapshot stands for the restored one. */
    enum Initialization {
        ON_DEMAND("on-demand"),
        SNAP_START("snap-start");

        private final String type;

        Initialization(String type) {
            this.type = type;
        }
    }

    private final RuntimeApi api = new RuntimeApi();
    private final Path log = Files.createTempFile("function", ".log");
    private final long begin;
    private final Process process;

    /**
     * Starts the process; the event to handle may be sent before it is ready.
     *
     * @param environment the variables that Lambda does not set itself
     * @param flags further flags of the JVM
     */
    FunctionProcess(Function function, Initialization type, Map<String, String> environment, List<String> flags)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        if (type == Initialization.ON_DEMAND) {
            command.addAll(WITHOUT_SNAP_START);
        }
        command.addAll(flags);
        command.add("-classpath");
        command.add(RUNTIME.toAbsolutePath() + "/*");
        command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
        command.add(function.handler());
        var builder = new ProcessBuilder(command)
                .directory(TASK.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(function.environment());
        variables.putAll(environment);
        // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        variables.put("_HANDLER", function.handler());
        variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", type.type);
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "function");
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(MEGABYTES));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/function");
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[1]0");
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        variables.put("LAMBDA_TASK_ROOT", TASK.toString());
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        begin = System.nanoTime();
        process = builder.start();
    }

    /**
     * Sends an event and waits for its answer.
     *
     * @param expected the type of the answer's frame
     * @return the times of the first answer, if this is the first event
     */
    Times invoke(String event, String expected) throws IOException, InterruptedException {
        api.send(event);
        RuntimeApi.Answer answer;
        do {
            answer = api.answer(Duration.ofSeconds(1));
        } while (answer == null && process.isAlive());
        if (answer == null || !answer.body().contains("\\\"type\\\":\\\"" + expected + "\\\"")) {
            throw new IllegalStateException(answer + " to " + event + "\n" + Files.readString(log));
        }
        long snapshot = api.snapshot() == 0 ? begin : api.snapshot();
        return new Times((snapshot - begin) / 1e6, (answer.at() - snapshot) / 1e6);
    }

    /**
     * Milliseconds of one process.
     *
     * @param snapshot from its start to its snapshot; 0 without SnapStart
     * @param answer from there to its first answer
     */
    record Times(double snapshot, double answer) {}

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        api.close();
        Files.delete(log);
    }
}
