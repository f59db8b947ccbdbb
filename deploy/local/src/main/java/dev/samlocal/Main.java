package dev.samlocal;

import dev.samlocal.dynamodb.DeclaredTables;
import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.template.StartException;
import java.io.File;
import java.io.PrintWriter;
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
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
    /** DynamoDB Local warns of every condition that fails, which is normal use. Held, because loggers are weakly reachable. */
    private static final Logger ENGINE = Logger.getLogger("software.amazon.dynamodb");

    /** Warns of every statement that fails, in addition to the exception. */
    private static final Logger DATABASE = Logger.getLogger("com.almworks.sqlite4java");

    private static final List<String> CREDENTIALS =
            List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

    @Option(names = "--template", required = true, paramLabel = "FILE", description = "The SAM template.")
    private @Nullable Path template;

    @Option(
            names = "--class-path",
            paramLabel = "PATH",
            description = {
                "Jars and folders with the functions' code, searched before each CodeUri.",
                "Separated as in a Java class path."
            })
    private String classPath = "";

    @Option(names = "--web", paramLabel = "DIR", description = "A folder to serve at /.")
    private @Nullable Path web;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port to listen on; 0 takes any free port. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The address to listen on. Default: ${DEFAULT-VALUE}")
    private String host = "127.0.0.1";

    @Option(names = "--parameter", paramLabel = "NAME=VALUE", description = "A template parameter. Repeatable.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = {
                "A variable for every function. Repeatable.",
                "{endpoint} in it is http://HOST:PORT, {stage} the stage,",
                "{origins} every origin at which a browser finds the folder, separated by commas."
            })
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--replace",
            paramLabel = "NAME=FILE",
            description = {
                "A file to serve as /NAME, instead of the one in the folder. Repeatable.",
                "{endpoint}, {stage} and {origins} in it are as above, {region} is the region,",
                "{identityPool} the id of the template's identity pool."
            })
    private Map<String, Path> replacements = new LinkedHashMap<>();

    @Option(
            names = "--dynamodb",
            description = "Run DynamoDB Local in this process for the functions, with the template's tables.")
    private boolean dynamoDb;

    @Option(
            names = "--dynamodb-data",
            paramLabel = "DIR",
            description = "The folder where DynamoDB Local keeps its items. Default: in memory")
    private @Nullable Path data;

    @Option(
            names = "--dynamodb-endpoint",
            paramLabel = "URL",
            description = {
                "Another DynamoDB for the functions, with this shell's AWS credentials.",
                "If it is on this machine, the template's tables are created where they are missing."
            })
    private @Nullable URI endpoint;

    @Option(names = "--verbose", description = "Write the functions' logs to standard error.")
    private boolean verbose;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private Main() {}

    /** Runs until a signal ends the process, or exits at once if the gateway cannot start. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setParameterExceptionHandler((e, given) -> fail(
                        e.getCommandLine(),
                        e,
                        e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput()))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof StartException) {
                        return fail(commandLine, e, commandLine.getCommandSpec().exitCodeOnExecutionException());
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
        if (template == null || port < 0 || port > 65_535) {
            throw misuse("Invalid value for option '--port': " + port);
        }
        if ((endpoint != null && (dynamoDb || data != null)) || (data != null && !dynamoDb)) {
            throw misuse("--dynamodb-data goes with --dynamodb, and --dynamodb-endpoint with neither");
        }
        if (endpoint != null
                && (endpoint.getHost() == null || !Set.of("http", "https").contains(endpoint.getScheme()))) {
            throw misuse("not the URL of a DynamoDB: " + endpoint);
        }
        if (web == null && !replacements.isEmpty()) {
            throw misuse("--replace goes with --web");
        }
        configureLogging();
        Optional<DynamoDb> where = dynamoDb
                ? Optional.of(new DynamoDb.InProcess(Optional.ofNullable(data)))
                : Optional.ofNullable(endpoint).map(DynamoDb.At::new);
        var entries = Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
        var gateway = LocalGateway.start(GatewayConfig.of(template)
                .withClassPath(entries)
                .withWeb(Optional.ofNullable(web))
                .withHost(host)
                .withPort(port)
                .withParameters(parameters)
                .withEnvironment(endpoint == null ? environment : withCredentials(environment, endpoint))
                .withRegion(Optional.ofNullable(System.getenv("AWS_REGION")).orElse("us-east-1"))
                .withDynamoDb(where)
                .withReplacements(replacements));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop"));
        new PrintWriter(System.out, true, StandardCharsets.UTF_8).println(gateway.endpoint());
        new CountDownLatch(1).await();
        return 0;
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec == null ? new CommandLine(this) : spec.commandLine(), message);
    }

    /** Adds the shell's credentials, which another DynamoDB may verify. */
    private static Map<String, String> withCredentials(Map<String, String> environment, URI endpoint) {
        Map<String, String> with = new LinkedHashMap<>();
        CREDENTIALS.forEach(name -> Optional.ofNullable(System.getenv(name)).ifPresent(value -> with.put(name, value)));
        with.putAll(environment);
        if (!with.containsKey("AWS_ACCESS_KEY_ID") && !DeclaredTables.isOnThisMachine(endpoint)) {
            throw new StartException("DynamoDB at " + endpoint + " needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        return with;
    }

    /** One line a record on standard error, unless java.util.logging is configured already. */
    private void configureLogging() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
                System.setProperty(
                        "java.util.logging.SimpleFormatter.format", "%1$tH:%1$tM:%1$tS %4$s %3$s: %5$s%6$s%n");
            }
            var root = Logger.getLogger("");
            root.setLevel(verbose ? Level.INFO : Level.WARNING);
            ENGINE.setLevel(Level.SEVERE);
            // A filter, because the engine sets the level itself.
            DATABASE.setFilter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue());
            for (Handler handler : root.getHandlers()) {
                handler.setLevel(Level.ALL);
            }
        }
    }
}
