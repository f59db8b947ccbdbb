package dev.chatlab.local;

import dev.chatlab.local.dynamodb.DeclaredTables;
import dev.chatlab.local.dynamodb.DynamoDb;
import dev.chatlab.local.dynamodb.Engine;
import dev.chatlab.local.iam.AccessControl;
import dev.chatlab.local.iam.Authenticator;
import dev.chatlab.local.iam.Role;
import dev.chatlab.local.template.Backing;
import dev.chatlab.local.template.TemplateReader;
import dev.chatlab.local.template.WebSocketApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running local API Gateway: the WebSocket API of a template at {@code ws://host:port/stage}, its
 * {@code @connections} API beside it, its handlers in this process.
 */
public final class LocalGateway implements AutoCloseable {
    /** A handshake may wait for {@code $connect} longer than this only in theory: an integration has 29 seconds. */
    private static final Logger LOG = LoggerFactory.getLogger(LocalGateway.class);

    private static final Duration HTTP_IDLE = Duration.ofSeconds(60);

    private final Server server;
    private final String stage;
    private final String host;
    private final int port;
    private final Limits limits;
    private final Routes routes;
    private final Connections connections;
    private final ScheduledThreadPoolExecutor timers;
    private final Optional<Engine> engine;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalGateway(
            Server server,
            String stage,
            String host,
            int port,
            Limits limits,
            Routes routes,
            Connections connections,
            ScheduledThreadPoolExecutor timers,
            Optional<Engine> engine) {
        this.server = server;
        this.stage = stage;
        this.host = host;
        this.port = port;
        this.limits = limits;
        this.routes = routes;
        this.connections = connections;
        this.timers = timers;
        this.engine = engine;
    }

    /**
     * Reads the template, makes the handlers and listens; when this returns, clients can connect.
     *
     * @throws dev.chatlab.local.template.TemplateException when the template cannot be run
     * @throws StartException when a handler cannot be made, the folder is not there or the port is taken
     * @throws dev.chatlab.local.dynamodb.DynamoDbException when DynamoDB cannot be used
     */
    public static LocalGateway start(GatewayConfig config) {
        WebSocketApi api = TemplateReader.read(config.template(), config.parameters(), config.region());
        var backing = Backing.read(config.template(), config.parameters(), config.region());
        var clock = Clock.systemUTC();
        var access = new AccessControl(
                backing.account(), config.region(), roles(backing, config), config.permissions(), clock);
        var timers = timers();
        var server = server();
        var engine = config.dynamoDb()
                .filter(DynamoDb.InProcess.class::isInstance)
                .map(DynamoDb.InProcess.class::cast)
                .map(local -> Engine.start(local.data(), access));
        try {
            // Bound before the handlers are made, since their environment may name the port; open after.
            String host = authority(config.host());
            var connector = connector(server, config);
            int port = connector.getLocalPort();
            String domainName = host + ":" + port;
            Map<String, String> words = new LinkedHashMap<>();
            words.put("{endpoint}", "http://" + domainName);
            words.put("{origins}", String.join(",", Origins.at(config.host(), port)));
            words.put("{stage}", api.stage());
            var files = config.web().map(folder -> new StaticFiles(folder, answers(config, words, backing)));

            Map<String, String> dynamoDb = dynamoDb(config, engine, backing);
            Map<WebSocketApi.Function, LambdaFunction> functions = new LinkedHashMap<>();
            for (var function : api.functions()) {
                functions.put(
                        function,
                        LambdaFunction.create(
                                function, environment(function, config, words, dynamoDb, access), timers));
            }
            var connections = new Connections();
            var limits = config.limits();
            var routes = new Routes(api, domainName, limits.maxMessageBytes(), functions);
            String stageArn = access.arn("execute-api", api.apiId() + "/" + api.stage());
            var handshake = new Handshake(
                    WebSocketServerComponents.ensureWebSocketComponents(server),
                    routes,
                    doorkeeper(api, stageArn, config, access, clock),
                    connections,
                    caller -> new Connection(caller, limits, timers, routes));
            server.setHandler(new FrontDoor(
                    api.stage(),
                    handshake,
                    new ConnectionsApi(connections, access, stageArn, limits.maxMessageBytes()),
                    new IdentityPoolsApi(backing.identityPools(), access),
                    files));
            server.start();
            return new LocalGateway(server, api.stage(), host, port, limits, routes, connections, timers, engine);
        } catch (RuntimeException e) {
            stop(server, timers, engine);
            throw e;
        } catch (Exception e) {
            stop(server, timers, engine);
            throw new StartException("the gateway does not start: " + e, e);
        }
    }

    private static ScheduledThreadPoolExecutor timers() {
        var timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("timers").factory());
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    private static Server server() {
        // Few threads: they only move bytes, whatever waits does so on a virtual one.
        var threads = new QueuedThreadPool(16, 4);
        threads.setName("gateway");
        threads.setDaemon(true);
        threads.setStopTimeout(0);
        var server = new Server(threads, null, new ArrayByteBufferPool());
        server.setStopTimeout(0);
        return server;
    }

    private static ServerConnector connector(Server server, GatewayConfig config) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setAcceptQueueSize(1024);
        connector.setIdleTimeout(HTTP_IDLE.toMillis());
        server.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": " + cause.getMessage(), e);
        }
        return connector;
    }

    /** Functions that sign for a DynamoDB elsewhere, or with a key that was given, cannot sign as themselves. */
    private static Map<String, Role> roles(Backing backing, GatewayConfig config) {
        boolean elsewhere =
                config.dynamoDb().filter(DynamoDb.At.class::isInstance).isPresent();
        return elsewhere || config.environment().containsKey("AWS_ACCESS_KEY_ID") ? Map.of() : backing.roles();
    }

    /** The variable that tells functions where DynamoDB is, once the tables are there. */
    private static Map<String, String> dynamoDb(GatewayConfig config, Optional<Engine> engine, Backing backing) {
        if (config.dynamoDb().isEmpty()) {
            return Map.of();
        }
        URI endpoint = switch (config.dynamoDb().get()) {
            case DynamoDb.InProcess ignored -> engine.orElseThrow().endpoint();
            case DynamoDb.At elsewhere -> elsewhere.endpoint();
        };
        if (DeclaredTables.onThisMachine(endpoint)) {
            DeclaredTables.create(backing.tables(), endpoint, config.region());
        }
        LOG.info(
                "DynamoDB is at {}, with the tables {}",
                endpoint,
                backing.tables().stream().map(Backing.Table::name).collect(Collectors.joining(", ")));
        return Map.of("AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString());
    }

    private static Map<String, String> environment(
            WebSocketApi.Function function,
            GatewayConfig config,
            Map<String, String> words,
            Map<String, String> dynamoDb,
            AccessControl access) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("AWS_REGION", config.region());
        environment.put("AWS_DEFAULT_REGION", config.region());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        access.credentials(function.logicalId()).ifPresent(key -> {
            environment.put("AWS_ACCESS_KEY_ID", key.accessKeyId());
            environment.put("AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
            environment.put("AWS_SESSION_TOKEN", key.sessionToken());
        });
        environment.putAll(dynamoDb);
        environment.putAll(function.environment());
        config.environment().forEach((name, value) -> environment.put(name, filled(value, words)));
        return Map.copyOf(environment);
    }

    private static Map<String, String> answers(GatewayConfig config, Map<String, String> words, Backing backing) {
        Map<String, String> all = new LinkedHashMap<>(words);
        all.put("{region}", config.region());
        if (backing.identityPools().size() == 1) {
            all.put("{identityPool}", backing.identityPools().getFirst().id());
        }
        Map<String, String> answers = new LinkedHashMap<>();
        config.answers().forEach((name, file) -> {
            try {
                String text = filled(Files.readString(file), all);
                if (text.contains("{identityPool}")) {
                    throw new StartException(
                            file + ": {identityPool} is for a template with one identity pool, and this one has "
                                    + backing.identityPools().size());
                }
                answers.put("/" + name, text);
            } catch (IOException e) {
                throw new StartException(file + ": there is no such file, or it cannot be read", e);
            }
        });
        return answers;
    }

    private static String filled(String text, Map<String, String> words) {
        for (var word : words.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        return text;
    }

    /** Where {@code $connect} is not for everyone, somebody asks. */
    private static Optional<Doorkeeper> doorkeeper(
            WebSocketApi api, String stageArn, GatewayConfig config, AccessControl access, Clock clock) {
        return Optional.ofNullable(api.routes().get(WebSocketApi.CONNECT))
                .filter(route -> route.authorizationType().equals("AWS_IAM"))
                .map(route -> new Doorkeeper(
                        new Authenticator(access, config.region(), "execute-api", clock),
                        access,
                        stageArn + "/" + route.key()));
    }

    /** The host as it stands in a URL; one that means every address is reached at the loopback one. */
    private static String authority(String host) {
        if (host.isBlank()) {
            throw new StartException("there is no host without a name");
        }
        try {
            var address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress()) {
                return "127.0.0.1";
            }
        } catch (UnknownHostException e) {
            throw new StartException("there is no host " + host, e);
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** The port that clients connect to. */
    public int port() {
        return port;
    }

    /** {@code http://host:port}: static files, and under the stage {@code @connections}. */
    public String endpoint() {
        return "http://" + host + ":" + port;
    }

    /** {@code ws://host:port/stage}. */
    public String socket() {
        return "ws://" + host + ":" + port + "/" + stage;
    }

    /** Where the DynamoDB in this process is, if it is here. */
    public Optional<URI> dynamoDb() {
        return engine.map(Engine::endpoint);
    }

    /**
     * Closes every connection with 1001, runs its {@code $disconnect}, waits for the functions that are running, and stops
     * listening; returns when all of that is done or {@link Limits#stopTimeout()} is over. Handlers can use
     * {@code @connections} until then.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            long end = System.nanoTime() + limits.stopTimeout().toNanos();
            connections.closeAll(limits.stopTimeout());
            routes.end(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            stop(server, timers, engine);
        }
    }

    private static void stop(Server server, ScheduledThreadPoolExecutor timers, Optional<Engine> engine) {
        timers.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the gateway does not stop", e);
        } finally {
            engine.ifPresent(Engine::close);
        }
    }
}
