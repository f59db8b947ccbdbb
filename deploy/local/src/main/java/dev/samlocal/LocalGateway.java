package dev.samlocal;

import dev.samlocal.dynamodb.DeclaredTables;
import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.dynamodb.EmbeddedDynamoDb;
import dev.samlocal.iam.AccessControl;
import dev.samlocal.iam.Authenticator;
import dev.samlocal.lambda.LambdaFunction;
import dev.samlocal.template.BackingResources;
import dev.samlocal.template.DeployedApplication;
import dev.samlocal.template.StartException;
import dev.samlocal.template.WebSocketApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running local API Gateway. It serves the WebSocket API of a template at {@code ws://host:port/stage} and its
 * {@code @connections} API, and runs the template's functions.
 */
public final class LocalGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalGateway.class);

    private final GatewayConfig config;
    private final WebSocketApi api;
    private final BackingResources backing;
    private final AccessControl access;
    private final Server server = server();
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("timers").factory());
    private final Connections connections = new Connections();
    private final Map<String, LambdaFunction> functions = new LinkedHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final String host;
    private final Optional<EmbeddedDynamoDb> embedded;
    private final int port;
    private final Routes routes;
    private List<String> trustOptions = List.of();

    private LocalGateway(GatewayConfig config) {
        this.config = config;
        timers.setRemoveOnCancelPolicy(true);
        var application = DeployedApplication.read(config.template(), config.parameters(), config.region());
        api = application.api();
        backing = application.backing();
        // Functions that sign with the shell's credentials are not known by their keys.
        boolean ownKeys = config.environment().containsKey("AWS_ACCESS_KEY_ID")
                || config.dynamoDb().filter(DynamoDb.At.class::isInstance).isPresent();
        var clock = Clock.systemUTC();
        access = new AccessControl(
                backing.account(), config.region(), ownKeys ? Map.of() : backing.roles(), config.permissions(), clock);
        host = authority(config.host());
        embedded = config.dynamoDb()
                .flatMap(where -> where instanceof DynamoDb.InProcess local
                        ? Optional.of(EmbeddedDynamoDb.start(local.data(), access))
                        : Optional.empty());
        try {
            // The port is bound now, because the functions' environment may contain it, and opens when they have
            // started.
            port = bind();
            routes = new Routes(api, host + ":" + port, config.limits().maxMessageBytes(), functions);
            var placeholders = placeholders();
            var files = config.web().map(folder -> new StaticFiles(folder, replacements(placeholders), server));
            startFunctions(placeholders);
            String stageArn = access.arn("execute-api", api.apiId() + "/" + api.stage());
            var handshake = new Handshake(
                    WebSocketServerComponents.ensureWebSocketComponents(server),
                    routes,
                    authorizer(stageArn, clock),
                    connections,
                    caller -> new Connection(caller, config.limits(), timers, routes));
            server.setHandler(new HttpRouter(
                    api.stage(),
                    handshake,
                    new ConnectionsApi(
                            connections, access, stageArn, config.limits().maxMessageBytes()),
                    new IdentityPoolsApi(backing.identityPools(), access),
                    files));
            server.start();
        } catch (RuntimeException e) {
            stop();
            throw e;
        } catch (Exception e) {
            stop();
            throw new StartException("the gateway does not start: " + e, e);
        }
    }

    /**
     * Reads the template, creates the handlers and listens. When this returns, clients can connect.
     *
     * @throws StartException when the template, a handler, DynamoDB, the folder or the port cannot be used
     */
    public static LocalGateway start(GatewayConfig config) {
        return new LocalGateway(config);
    }

    private static Server server() {
        // These threads only move bytes. Handlers block, and run on virtual threads.
        var threads = new QueuedThreadPool(16, 4);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        threads.setDaemon(true);
        return new Server(threads);
    }

    private int bind() {
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setAcceptQueueSize(1024);
        connector.setIdleTimeout(60_000);
        server.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": " + cause.getMessage(), e);
        }
        return connector.getLocalPort();
    }

    /** The host in the form of a URL. A wildcard address is reached at the loopback address. */
    private static String authority(String host) {
        if (host.isBlank()) {
            throw new StartException("the host must not be empty");
        }
        try {
            return InetAddress.getByName(host).isAnyLocalAddress() ? "127.0.0.1" : Origins.bracketed(host);
        } catch (UnknownHostException e) {
            throw new StartException("there is no host " + host, e);
        }
    }

    private void startFunctions(Map<String, String> placeholders) {
        Map<String, String> common = new LinkedHashMap<>();
        common.put("AWS_REGION", config.region());
        common.put("AWS_DEFAULT_REGION", config.region());
        // Not checked on this machine, but the SDK requires some credentials.
        common.put("AWS_ACCESS_KEY_ID", "local");
        common.put("AWS_SECRET_ACCESS_KEY", "local");
        dynamoDbEndpoint().ifPresent(uri -> common.put("AWS_ENDPOINT_URL_DYNAMODB", uri.toString()));
        for (var function : api.functions()) {
            Map<String, String> environment = new LinkedHashMap<>(common);
            access.credentials(function.logicalId()).ifPresent(key -> {
                environment.put("AWS_ACCESS_KEY_ID", key.accessKeyId());
                environment.put("AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
                environment.put("AWS_SESSION_TOKEN", key.sessionToken());
            });
            environment.putAll(function.environment());
            config.environment().forEach((name, value) -> environment.put(name, filled(value, placeholders)));
            located(
                    function,
                    () -> functions.put(
                            function.logicalId(),
                            LambdaFunction.create(
                                    function,
                                    environment,
                                    config.template(),
                                    config.classPath(),
                                    this::trustOptions,
                                    timers)));
        }
        // Processes of functions start at the same time.
        api.functions()
                .forEach(function -> located(
                        function,
                        () -> Objects.requireNonNull(functions.get(function.logicalId()))
                                .awaitReady()));
    }

    /** The JVM options with which processes of functions trust this gateway. TLS is enabled only if there are such processes. */
    private List<String> trustOptions() {
        if (trustOptions.isEmpty()) {
            trustOptions = Tls.enable((ServerConnector) server.getConnectors()[0], host);
        }
        return trustOptions;
    }

    private void located(WebSocketApi.Function function, Runnable step) {
        try {
            step.run();
        } catch (StartException e) {
            throw new StartException(
                    config.template() + ":" + function.line() + ": " + function.logicalId() + ": " + e.getMessage(), e);
        }
    }

    /** Creates the tables if they are missing, and returns the endpoint for the functions. */
    private Optional<URI> dynamoDbEndpoint() {
        var endpoint = config.dynamoDb().map(where -> switch (where) {
            case DynamoDb.InProcess ignored -> embedded.orElseThrow().endpoint();
            case DynamoDb.At elsewhere -> elsewhere.endpoint();
        });
        endpoint.ifPresent(uri -> {
            if (DeclaredTables.isOnThisMachine(uri)) {
                DeclaredTables.create(backing.tables(), uri, config.region());
            }
            var tables =
                    backing.tables().stream().map(BackingResources.Table::name).toList();
            LOG.info("DynamoDB is at {}, with the tables {}", uri, tables);
        });
        return endpoint;
    }

    /** The words in braces that the values of variables and the texts of replacements may contain. */
    private Map<String, String> placeholders() {
        Map<String, String> placeholders = new LinkedHashMap<>();
        placeholders.put("{endpoint}", endpoint());
        placeholders.put("{origins}", Origins.at(config.host(), port));
        placeholders.put("{stage}", api.stage());
        placeholders.put("{region}", config.region());
        backing.identityPools().stream().findFirst().ifPresent(pool -> placeholders.put("{identityPool}", pool.id()));
        return placeholders;
    }

    private Map<String, String> replacements(Map<String, String> placeholders) {
        Map<String, String> texts = new LinkedHashMap<>();
        config.replacements().forEach((name, file) -> {
            try {
                texts.put("/" + name, filled(Files.readString(file), placeholders));
            } catch (IOException e) {
                throw new StartException(file + ": there is no such file, or it cannot be read", e);
            }
        });
        return texts;
    }

    private static String filled(String text, Map<String, String> placeholders) {
        for (var placeholder : placeholders.entrySet()) {
            text = text.replace(placeholder.getKey(), placeholder.getValue());
        }
        return text;
    }

    private Optional<HandshakeAuthorizer> authorizer(String stageArn, Clock clock) {
        return Optional.ofNullable(api.routes().get(WebSocketApi.CONNECT))
                .filter(route -> route.authorizationType().equals("AWS_IAM"))
                .map(route -> new HandshakeAuthorizer(
                        new Authenticator(access, config.region(), "execute-api", clock),
                        access,
                        stageArn + "/" + route.key()));
    }

    /** The port that clients connect to. */
    public int port() {
        return port;
    }

    /** {@code http://host:port}. */
    public String endpoint() {
        return "http://" + host + ":" + port;
    }

    /** {@code ws://host:port/stage}. */
    public String socket() {
        return "ws://" + host + ":" + port + "/" + api.stage();
    }

    /** The endpoint of DynamoDB Local, if it runs in this process. */
    public Optional<URI> dynamoDb() {
        return embedded.map(EmbeddedDynamoDb::endpoint);
    }

    /**
     * Closes every connection with 1001, runs the {@code $disconnect} handlers, waits for the invocations in progress, and stops
     * listening. Returns when that is done or {@link Limits#stopTimeout()} is over. Handlers can use {@code @connections} until
     * then.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            var timeout = config.limits().stopTimeout();
            long end = System.nanoTime() + timeout.toNanos();
            connections.closeAll(timeout);
            routes.end(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            stop();
        }
    }

    private void stop() {
        timers.shutdownNow();
        functions.values().forEach(LambdaFunction::close);
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the gateway does not stop", e);
        } finally {
            embedded.ifPresent(EmbeddedDynamoDb::close);
        }
    }
}
