package dev.chatlab.coldstart;

import com.sun.net.httpserver.HttpServer;
import dev.chatlab.coldstart.FunctionProcess.Initialization;
import dev.chatlab.coldstart.FunctionProcess.Times;
import dev.samlocal.GatewayConfig;
import dev.samlocal.LocalGateway;
import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.template.DeployedApplication;
import dev.samlocal.template.WebSocketApi.Function;
import dev.samlocal.template.WebSocketApi.LambdaProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Measures how long each function takes to its first answer: from the start of its process, and from a restored snapshot.
 *
 * <p>Two users hold a conversation, in which each function is called once in a new process. DynamoDB Local and the {@code @connections}
 * API run in this process, without TLS.
 */
final class ColdStart {

    /** A field, since the log manager holds loggers weakly and would forget the level. */
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private static final Path TEMPLATE = Path.of("..", "..", "deploy", "sam", "template.yaml");
    private static final int RUNS = 15;
    private static final int WARM_UP = 100;

    /** An event of the conversation, and the type of its answer. */
    private record Step(boolean measured, String user, String route, String frame, String answer) {}

    private static final List<Step> CONVERSATION = List.of(
            new Step(false, "ben", "$connect", "", "ack"),
            new Step(false, "ben", "register", "{'action':'register','value':'ben%d'}", "signup"),
            new Step(true, "ann", "$connect", "", "ack"),
            new Step(true, "ann", "register", "{'action':'register','value':'ann%d'}", "signup"),
            new Step(true, "ben", "new-room", "{'action':'new-room','value':'hall%d'}", "ack"),
            new Step(true, "ann", "join-room", "{'action':'join-room','value':'hall%d'}", "multi-message"),
            new Step(true, "ann", "dispatch", "{'action':'dispatch','value':'hello','room':'hall%d','id':'1'}", "ack"),
            new Step(true, "ann", "leave-room", "{'action':'leave-room','room':'hall%d'}", "ack"),
            new Step(false, "ann", "join-room", "{'action':'join-room','value':'hall%d'}", "multi-message"),
            new Step(true, "ann", "$disconnect", "", "ack"),
            new Step(false, "ben", "$disconnect", "", "ack"));

    /** Frames that others receive in a conversation: 2 of the new room, 2 of the message, 4 of Ann's joining and leaving twice. */
    private static final int POSTS = 8;

    private final Map<String, Function> functions;
    private final Map<String, String> environment;
    private final List<String> flags;
    private final AtomicInteger posts = new AtomicInteger();
    private final Map<String, FunctionProcess> warm = new TreeMap<>();
    private int conversations;

    private ColdStart(Map<String, Function> functions, Map<String, String> environment, List<String> flags) {
        this.functions = functions;
        this.environment = environment;
        this.flags = flags;
    }

    /** Prints a table of medians. The arguments are further flags of the measured JVMs, for example one that logs class loading. */
    public static void main(String[] flags) throws IOException, InterruptedException {
        ROOT_LOGGER.setLevel(Level.WARNING);
        // Without it the JDK's HTTP server delays small responses.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Map<String, Function> functions = new TreeMap<>();
        DeployedApplication.read(TEMPLATE, Map.of(), "us-east-1").api().routes().forEach((key, route) -> {
            if (route.integration() instanceof LambdaProxy proxy) {
                functions.put(key, proxy.function());
            }
        });
        HttpServer connections = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (var gateway =
                LocalGateway.start(GatewayConfig.of(TEMPLATE).withDynamoDb(new DynamoDb.InProcess(Optional.empty())))) {
            Map<String, String> environment = Map.of(
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "id",
                    "AWS_SECRET_ACCESS_KEY", "secret",
                    "AWS_SESSION_TOKEN", "token",
                    "AWS_ENDPOINT_URL_DYNAMODB",
                            gateway.dynamoDb().orElseThrow().toString(),
                    "CHAT_MANAGEMENT_ENDPOINT",
                            "http://127.0.0.1:" + connections.getAddress().getPort() + "/dev");
            var coldStart = new ColdStart(functions, environment, List.of(flags));
            coldStart.serve(connections);
            coldStart.measure();
        } finally {
            connections.stop(0);
        }
        System.exit(0);
    }

    /** An {@code @connections} API that accepts every post. */
    private void serve(HttpServer connections) {
        connections.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            posts.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        connections.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        connections.start();
    }

    private void measure() throws IOException, InterruptedException {
        try {
            // The first requests to DynamoDB Local and the first reads of the package are slower than all later ones.
            for (int i = 0; i < WARM_UP; i++) {
                converse(Optional.empty());
            }
            converse(Optional.of(Initialization.ON_DEMAND));
            Map<String, List<Times>> onDemand = new TreeMap<>();
            Map<String, List<Times>> snapStart = new TreeMap<>();
            for (int run = 0; run < RUNS; run++) {
                converse(Optional.of(Initialization.ON_DEMAND)).forEach((route, times) -> add(onDemand, route, times));
                converse(Optional.of(Initialization.SNAP_START))
                        .forEach((route, times) -> add(snapStart, route, times));
            }
            System.out.println("| function | from nothing to the first answer, ms | from nothing to the snapshot, ms "
                    + "| from the restored snapshot to the first answer, ms |\n| --- | ---: | ---: | ---: |");
            for (String route : functions.keySet()) {
                System.out.printf(
                        Locale.ROOT,
                        "| `%s` | %.0f | %.0f | %.0f |%n",
                        route,
                        median(onDemand, route, Times::answer),
                        median(snapStart, route, Times::snapshot),
                        median(snapStart, route, Times::answer));
            }
        } finally {
            for (FunctionProcess function : warm.values()) {
                function.close();
            }
        }
    }

    /** Holds one conversation, with the measured steps in new processes, and returns their times by route. */
    private Map<String, Times> converse(Optional<Initialization> measured) throws IOException, InterruptedException {
        int number = conversations++;
        Map<String, Times> times = new TreeMap<>();
        for (Step step : CONVERSATION) {
            String event = event(step, number);
            if (step.measured && measured.isPresent()) {
                try (var function = start(step.route, measured.get(), flags)) {
                    times.put(step.route, function.invoke(event, step.answer));
                }
            } else {
                warm(step.route).invoke(event, step.answer);
            }
        }
        if (posts.getAndSet(0) != POSTS) {
            throw new IllegalStateException("not every frame was delivered");
        }
        return times;
    }

    /** The process that handles the steps that are not measured. It starts alone: two that start at once would overwrite a file. */
    private FunctionProcess warm(String route) throws IOException {
        FunctionProcess running = warm.get(route);
        if (running == null) {
            running = start(route, Initialization.ON_DEMAND, List.of());
            warm.put(route, running);
        }
        return running;
    }

    private FunctionProcess start(String route, Initialization type, List<String> flags) throws IOException {
        return new FunctionProcess(Objects.requireNonNull(functions.get(route)), type, environment, flags);
    }

    /** The event as API Gateway sends it. */
    private static String event(Step step, int number) {
        String frame = step.frame.formatted(number).replace("'", "\\\"");
        return """
                {"requestContext":{"routeKey":"%s","eventType":"%s","extendedRequestId":"JKJaXmPLvHcESHA=",\
                "requestTime":"01/Jan/2026:12:00:00 +0000","messageDirection":"IN","stage":"dev","connectedAt":%d,\
                "requestTimeEpoch":%d,"identity":{"sourceIp":"192.0.2.1"},"requestId":"JKJaXFwtPHcFUnA=",\
                "domainName":"abc123.execute-api.us-east-1.amazonaws.com","connectionId":"%s%d","apiId":"abc123"},\
                "body":"%s","isBase64Encoded":false}""".formatted(
                        step.route,
                        switch (step.route) {
                            case "$connect" -> "CONNECT";
                            case "$disconnect" -> "DISCONNECT";
                            default -> "MESSAGE";
                        },
                        System.currentTimeMillis(),
                        System.currentTimeMillis(),
                        step.user,
                        number,
                        frame);
    }

    private static void add(Map<String, List<Times>> all, String route, Times times) {
        all.computeIfAbsent(route, key -> new ArrayList<>()).add(times);
    }

    private static double median(Map<String, List<Times>> all, String route, ToDoubleFunction<Times> figure) {
        double[] sorted = Objects.requireNonNull(all.get(route)).stream()
                .mapToDouble(figure)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
