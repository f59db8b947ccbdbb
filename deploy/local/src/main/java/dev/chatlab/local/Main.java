package dev.chatlab.local;

import dev.chatlab.local.dynamodb.DeclaredTables;
import dev.chatlab.local.dynamodb.DynamoDb;
import dev.chatlab.local.dynamodb.DynamoDbException;
import dev.chatlab.local.iam.Permissions;
import dev.chatlab.local.template.TemplateException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
 * The command line: prints {@code http://host:port} when clients can connect, and runs until it is told to stop. One
 * line on standard error and a non-zero exit code say why it does not.
 */
@Command(
        name = "chat-local",
        description = "Runs the WebSocket API of a SAM template on this machine.",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class Main implements Callable<Integer> {
    /** Warns, at length, of every condition that does not hold: that is how versions are checked. Held, or it would be collected. */
    private static final Logger ENGINE = Logger.getLogger("software.amazon.dynamodb");

    /** Warns, at length, of every statement that does not succeed, beside the exception that tells. */
    private static final Logger DATABASE = Logger.getLogger("com.almworks.sqlite4java");

    private static final List<String> CREDENTIALS =
            List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

    @Option(names = "--template", required = true, paramLabel = "FILE", description = "The SAM template.")
    private @Nullable Path template;

    @Option(names = "--web", paramLabel = "DIR", description = "A folder to serve at /.")
    private @Nullable Path web;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Where to listen; 0 takes any free port. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "On which address. Default: ${DEFAULT-VALUE}")
    private String host = "127.0.0.1";

    @Option(names = "--parameter", paramLabel = "NAME=VALUE", description = "A parameter of the template. Repeatable.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = {
                "A variable for every function. Repeatable.",
                "{endpoint} in it is http://HOST:PORT, {stage} the stage,",
                "{origins} every origin at which a browser finds it, separated by commas."
            })
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--answer",
            paramLabel = "NAME=FILE",
            description = {
                "A file to serve as /NAME, instead of the one in the folder. Repeatable.",
                "{endpoint}, {stage} and {origins} in it are as above, {region} is the region,",
                "{identityPool} the id of the template's identity pool."
            })
    private Map<String, Path> answers = new LinkedHashMap<>();

    @Option(
            names = "--dynamodb",
            description = "Run DynamoDB Local in this process for the functions, with the template's tables.")
    private boolean dynamoDb;

    @Option(
            names = "--dynamodb-data",
            paramLabel = "DIR",
            description = "Where DynamoDB Local keeps its items; in memory if left out.")
    private @Nullable Path data;

    @Option(
            names = "--dynamodb-endpoint",
            paramLabel = "URL",
            description = {
                "Another DynamoDB for the functions, with this shell's AWS credentials.",
                "On this machine it gets the template's tables where they are missing."
            })
    private @Nullable URI endpoint;

    @Option(names = "--verbose", description = "Log what the functions log.")
    private boolean verbose;

    @SuppressWarnings("UnusedVariable") // picocli reads it
    @Option(names = "--help", usageHelp = true, description = "Say this.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private Main() {}

    /** Runs until a signal ends the process; what cannot start ends it at once. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler(Main::failed)
                .execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        var commandLine = spec == null ? new CommandLine(this) : spec.commandLine();
        if (template == null || port < 0 || port > 65_535) {
            throw new ParameterException(commandLine, "Invalid value for option '--port': " + port);
        }
        if ((endpoint != null && (dynamoDb || data != null)) || (data != null && !dynamoDb)) {
            throw new ParameterException(
                    commandLine, "--dynamodb-data goes with --dynamodb, and --dynamodb-endpoint with neither");
        }
        if (endpoint != null
                && (endpoint.getHost() == null || !Set.of("http", "https").contains(endpoint.getScheme()))) {
            throw new ParameterException(commandLine, "no URL of a DynamoDB: " + endpoint);
        }
        if (web == null && !answers.isEmpty()) {
            throw new ParameterException(commandLine, "--answer goes with --web");
        }
        logging();
        Optional<DynamoDb> where = dynamoDb
                ? Optional.of(new DynamoDb.InProcess(Optional.ofNullable(data)))
                : Optional.ofNullable(endpoint).map(DynamoDb.At::new);
        var gateway = LocalGateway.start(new GatewayConfig(
                template,
                Optional.ofNullable(web),
                host,
                port,
                parameters,
                endpoint == null ? environment : withCredentials(environment, endpoint),
                Optional.ofNullable(System.getenv("AWS_REGION")).orElse("us-east-1"),
                Limits.API_GATEWAY,
                where,
                Permissions.OF_TEMPLATE,
                answers));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop"));
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        out.println(gateway.endpoint());
        new CountDownLatch(1).await();
        return 0;
    }

    /** The shell's own key; where there is none, one that will do on this machine, where nothing looks at it. */
    private static Map<String, String> withCredentials(Map<String, String> environment, URI endpoint) {
        Map<String, String> with = new LinkedHashMap<>();
        CREDENTIALS.forEach(name -> {
            var value = System.getenv(name);
            if (value != null) {
                with.put(name, value);
            }
        });
        if (with.isEmpty() && DeclaredTables.onThisMachine(endpoint)) {
            with.put("AWS_ACCESS_KEY_ID", "local");
            with.put("AWS_SECRET_ACCESS_KEY", "local");
        }
        with.putAll(environment);
        return with;
    }

    /** One line a record, on standard error; who configures java.util.logging has it as configured. */
    private void logging() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
                System.setProperty(
                        "java.util.logging.SimpleFormatter.format", "%1$tH:%1$tM:%1$tS %4$s %3$s: %5$s%6$s%n");
            }
            var root = Logger.getLogger("");
            root.setLevel(verbose ? Level.INFO : Level.WARNING);
            ENGINE.setLevel(Level.SEVERE);
            // The engine sets a level of its own.
            DATABASE.setFilter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue());
            for (Handler handler : root.getHandlers()) {
                handler.setLevel(Level.ALL);
            }
        }
    }

    private static int misused(ParameterException e, String[] arguments) {
        return complain(
                e.getCommandLine(), e, e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput());
    }

    private static int failed(Exception e, CommandLine commandLine, CommandLine.ParseResult ignored) throws Exception {
        if (e instanceof TemplateException || e instanceof StartException || e instanceof DynamoDbException) {
            return complain(commandLine, e, commandLine.getCommandSpec().exitCodeOnExecutionException());
        }
        throw e;
    }

    private static int complain(CommandLine commandLine, Exception e, int exitCode) {
        commandLine
                .getErr()
                .println("chat-local: " + String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "));
        return exitCode;
    }
}
