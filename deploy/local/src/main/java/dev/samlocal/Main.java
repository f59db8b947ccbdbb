package dev.samlocal;

import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.template.StartException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line. Prints {@code http://host:port} when clients can connect, and runs until a signal ends it. If it cannot start,
 * it prints one line on standard error and exits with a non-zero code.
 */
@Command(
        name = "sam-websocket-local",
        description = "Runs the WebSocket API of a SAM template on this machine.",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class Main implements Callable<Integer> {
    /** SQLite warns of every statement that fails, in addition to the exception. Held, because loggers are weakly reachable. */
    private static final Logger DATABASE = Logger.getLogger("com.almworks.sqlite4java");

    @Option(names = "--template", required = true, paramLabel = "FILE", description = "The SAM template.")
    private Path template = Path.of("template.yaml");

    @Option(
            names = "--class-path",
            paramLabel = "PATH",
            description = "Jars and folders with the functions' code, searched before each CodeUri.")
    private String classPath = "";

    @Option(names = "--web", paramLabel = "DIR", description = "A folder to serve at /.")
    private Optional<Path> web = Optional.empty();

    @Option(names = "--port", paramLabel = "PORT", description = "The port, 8080 if left out; 0 takes any free port.")
    private int port = 8080;

    @Option(names = "--host", paramLabel = "HOST", description = "The address to listen on, 127.0.0.1 if left out.")
    private String host = "127.0.0.1";

    @Option(names = "--parameter", paramLabel = "NAME=VALUE", description = "A template parameter. Repeatable.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = {
                "A variable for every function. Repeatable.",
                "{endpoint} in it is http://HOST:PORT, {stage} the stage, {region} the region,",
                "{origins} the origins at which a browser finds the folder, separated by commas,",
                "{identityPool} the id of the template's identity pool."
            })
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--replace",
            paramLabel = "NAME=FILE",
            description = "A file to serve as /NAME, instead of the one in the folder, filled as above. Repeatable.")
    private Map<String, Path> replacements = new LinkedHashMap<>();

    @Option(
            names = "--dynamodb",
            paramLabel = "memory|DIR|URL",
            description = {
                "The functions' DynamoDB: DynamoDB Local in this process, in memory or in a folder,",
                "or another one, with this shell's AWS credentials. On this machine, the template's",
                "tables are created where they are missing."
            })
    private Optional<String> dynamoDb = Optional.empty();

    @Option(names = "--verbose", description = "Write the functions' logs to standard error.")
    private boolean verbose;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    private Main() {}

    /** Runs until a signal ends the process, or exits at once if the gateway cannot start. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setParameterExceptionHandler((e, given) -> fail(e.getCommandLine(), e, 2))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof StartException) {
                        return fail(commandLine, e, 1);
                    }
                    throw e;
                })
                .execute(arguments));
    }

    private static int fail(CommandLine commandLine, Exception e, int exitCode) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
        commandLine.getErr().println("sam-websocket-local: " + message);
        return exitCode;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new StartException("there is no port " + port);
        }
        if (web.isEmpty() && !replacements.isEmpty()) {
            throw new StartException("--replace goes with --web");
        }
        configureLogging();
        var entries = Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
        var gateway = LocalGateway.start(GatewayConfig.of(template)
                .withClassPath(entries)
                .withWeb(web)
                .withHost(host)
                .withPort(port)
                .withParameters(parameters)
                .withRegion(Optional.ofNullable(System.getenv("AWS_REGION")).orElse("us-east-1"))
                .withDynamoDb(dynamoDb.map(this::dynamoDb))
                .withEnvironment(environment)
                .withReplacements(replacements));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop"));
        new PrintWriter(System.out, true, StandardCharsets.UTF_8).println(gateway.endpoint());
        new CountDownLatch(1).await();
        return 0;
    }

    private DynamoDb dynamoDb(String where) {
        if (!where.contains("://")) {
            return new DynamoDb.InProcess(where.equals("memory") ? Optional.empty() : Optional.of(Path.of(where)));
        }
        var endpoint = URI.create(where);
        if (endpoint.getHost() == null || !Set.of("http", "https").contains(endpoint.getScheme())) {
            throw new StartException("not the URL of a DynamoDB: " + where);
        }
        // Another DynamoDB may verify credentials.
        for (String name : List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")) {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> environment.putIfAbsent(name, value));
        }
        return new DynamoDb.At(endpoint);
    }

    /** Logging as in the resource, unless java.util.logging is configured already. */
    private void configureLogging() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        try (var configuration = Main.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A filter, because the engine sets the level itself.
        DATABASE.setFilter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue());
        if (verbose) {
            Logger.getLogger("").setLevel(Level.INFO);
        }
    }
}
