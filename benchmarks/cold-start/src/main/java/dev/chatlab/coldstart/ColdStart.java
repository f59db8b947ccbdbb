package dev.chatlab.coldstart;

import dev.chatlab.coldstart.Function.Run;
import dev.chatlab.coldstart.Function.Start;
import dev.samlocal.GatewayConfig;
import dev.samlocal.LocalGateway;
import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.template.DeployedApplication;
import dev.samlocal.template.WebSocketApi;
import dev.samlocal.template.WebSocketApi.LambdaProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How long a function takes from the start of its process to its first answer, beside a bare handler that puts one item through the
 * SDK as it comes: each in a process of its own, in turn. DynamoDB Local is in this process, warm, and so is an
 * {@code @connections} that takes everything; both are reached without TLS.
 */
final class ColdStart {

    /** Held, for else it would be forgotten with its level. */
    private static final Logger LOGGERS = Logger.getLogger("");

    private static final Path TEMPLATE = Path.of("..", "..", "deploy", "sam", "template.yaml");
    private static final Path PACKAGE = Path.of("..", "..", "deploy", "sam", "target", "chat-lambda.jar");
    private static final Path BARE = Path.of("..", "bare-function", "target", "bare-function-alone.jar");
    private static final int RUNS = 15;
    private static final int WARM_UP = 100;
    private static final String BARE_HANDLER = "dev.chatlab.bare.PutItemHandler";

    private final Map<String, WebSocketApi.Function> routes = new HashMap<>();
    private final Map<String, String> environment;
    private final Connections connections;
    private final Rehearsal rehearsal;
    private final Path task;
    private final Function bare;
    private int people;

    private ColdStart(LocalGateway gateway, Connections connections, Path folder)
            throws IOException, ReflectiveOperationException {
        this.connections = connections;
        DeployedApplication.read(TEMPLATE, Map.of(), "us-east-1").api().routes().forEach((key, route) -> {
            if (route.integration() instanceof LambdaProxy proxy) {
                routes.put(key, proxy.function());
            }
        });
        environment = Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "somebody",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_SESSION_TOKEN", "token",
                "AWS_ENDPOINT_URL_DYNAMODB", gateway.dynamoDb().orElseThrow().toString(),
                "CHAT_MANAGEMENT_ENDPOINT", connections.endpoint());
        rehearsal = new Rehearsal(routes, environment);
        task = Function.unpack(PACKAGE, folder.resolve("chat"));
        Map<String, String> bareEnvironment = new HashMap<>(environment);
        bareEnvironment.put("TABLE", function(Scene.DISPATCH).environment().get("TABLE_RMU"));
        bare = new Function(BARE_HANDLER, Function.unpack(BARE, folder.resolve("bare")), bareEnvironment);
    }

    /**
     * Prints tables, each figure the median of fifteen processes. With arguments, a route (or {@code bare}) and flags for its JVM,
     * runs that alone.
     */
    public static void main(String[] arguments) throws Exception {
        LOGGERS.setLevel(Level.WARNING);
        // The JDK's server waits for a full packet otherwise, and who is being measured for the server.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Path folder = Files.createTempDirectory("cold-start");
        try (var gateway = LocalGateway.start(
                        GatewayConfig.of(TEMPLATE).withDynamoDb(new DynamoDb.InProcess(Optional.empty())));
                var connections = new Connections()) {
            var coldStart = new ColdStart(gateway, connections, folder);
            coldStart.warm();
            if (arguments.length == 0) {
                coldStart.measure();
            } else {
                coldStart.one(arguments[0], List.of(arguments).subList(1, arguments.length));
            }
        } finally {
            delete(folder);
        }
        System.exit(0);
    }

    /** What the functions call is in this process: it is to answer as if it had always been there. */
    private void warm() {
        for (int round = 0; round < WARM_UP; round++) {
            int number = people++;
            Scene.DISCONNECT.before(rehearsal, "ann" + number, "ben" + number, "hall" + number);
            rehearsal.end();
        }
    }

    private void one(String route, List<String> flags) throws IOException, InterruptedException {
        for (int run = 0; run < RUNS; run++) {
            System.out.println(route.equals("bare") ? bare(flags) : perform(Scene.of(route), Start.ON_DEMAND, flags));
        }
    }

    private void measure() throws IOException, InterruptedException {
        // The first round has the packages read from the disk.
        bare(List.of());
        for (Scene scene : Scene.values()) {
            perform(scene, Start.ON_DEMAND, List.of());
        }
        List<Run> bares = new ArrayList<>();
        Map<Scene, List<Run>> scenes = new EnumMap<>(Scene.class);
        for (int run = 0; run < RUNS; run++) {
            bares.add(bare(List.of()));
            for (Scene scene : Scene.values()) {
                scenes.computeIfAbsent(scene, key -> new ArrayList<>()).add(perform(scene, Start.ON_DEMAND, List.of()));
            }
        }
        Map<Scene, List<Run>> restored = new EnumMap<>(Scene.class);
        for (int run = 0; run < RUNS; run++) {
            for (Scene scene : Scene.values()) {
                restored.computeIfAbsent(scene, key -> new ArrayList<>())
                        .add(perform(scene, Start.SNAP_START, List.of()));
            }
        }
        double baseline = median(bares, Run::answered);
        System.out.println(
                "| function | made, ms | first answer, ms | of the bare one's | processor, ms |\n| --- | ---: | ---: | ---: | ---: |");
        print("bare", bares, baseline);
        scenes.forEach((scene, all) -> print("`" + scene.route + "`", all, baseline));
        System.out.println(
                "\n| function | until the snapshot, ms | then until the first answer, ms |\n| --- | ---: | ---: |");
        restored.forEach((scene, all) -> System.out.printf(
                Locale.ROOT,
                "| `%s` | %.0f | %.0f |%n",
                scene.route,
                median(all, Run::snapshot),
                median(all, run -> run.answered() - run.snapshot())));
    }

    private static void print(String name, List<Run> runs, double baseline) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.2f | %.0f |%n",
                name,
                median(runs, Run::ready),
                median(runs, Run::answered),
                median(runs, Run::answered) / baseline,
                median(runs, Run::processor));
    }

    private Run bare(List<String> flags) throws IOException, InterruptedException {
        Run run = bare.answer("{\"pk\":\"bare\",\"sk\":\"" + people++ + "\"}", Start.ON_DEMAND, flags);
        if (!run.answer().equals("\"put\"")) {
            throw new IllegalStateException("the bare function answered " + run.answer());
        }
        return run;
    }

    private Run perform(Scene scene, Start start, List<String> flags) throws IOException, InterruptedException {
        int number = people++;
        String ann = "ann" + number;
        String hall = "hall" + number;
        scene.before(rehearsal, ann, "ben" + number, hall);
        connections.posts();

        WebSocketApi.Function described = function(scene);
        Map<String, String> variables = new HashMap<>(described.environment());
        variables.putAll(environment);
        Run run = new Function(described.handler(), task, variables).answer(scene.event(ann, hall), start, flags);

        int told = connections.posts();
        if (!run.answer().contains("\\\"type\\\":\\\"" + scene.answer + "\\\"") || told != scene.told) {
            throw new IllegalStateException(scene + " told " + told + " and was answered " + run.answer());
        }
        rehearsal.end();
        return run;
    }

    private WebSocketApi.Function function(Scene scene) {
        return Objects.requireNonNull(routes.get(scene.route));
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
        return runs.stream().mapToDouble(figure).sorted().toArray()[runs.size() / 2];
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }
}
