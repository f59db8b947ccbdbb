package dev.chatlab.endtoend;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.samlocal.GatewayConfig;
import dev.samlocal.LocalGateway;
import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.template.DeployedApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which parameter of the template reaches which function, and how: as a stage variable or in the environment.
 *
 * <p>A published version of a function keeps its environment and its other properties. SAM publishes a new version when the text of
 * the properties changes, and not when only the value of a parameter in them does. So a parameter that reaches a function by its
 * environment would have no effect on the functions that run.
 *
 * <p>The ways are found by comparing what the template deploys with and without another value of each parameter, so references,
 * conditions and substitutions of any depth are followed.
 */
class FunctionSettingsTest {

    private static final Path GUIDE = LocalChat.TEMPLATE.resolveSibling("README.md");
    private static final int ALL_FUNCTIONS = 7;

    /** For each parameter a value other than its default. */
    private static final Map<String, String> OTHER_VALUES = Map.ofEntries(
            Map.entry("AccessLogRetentionDays", "7"),
            Map.entry("AccessLogs", "enabled"),
            Map.entry("AlarmEmail", "operator@chat.example"),
            Map.entry("AllowedOrigins", "https://chat.example"),
            Map.entry("AuthMode", "IAM"),
            Map.entry("Backups", "disabled"),
            Map.entry("BurstLimit", "50"),
            Map.entry("DetailedMetrics", "true"),
            Map.entry("Hosting", "disabled"),
            Map.entry("LogRetentionDays", "7"),
            Map.entry("MessageRetentionDays", "7"),
            Map.entry("Monitoring", "disabled"),
            Map.entry("RateLimit", "50"),
            Map.entry("SlowMessageMillis", "500"),
            Map.entry("StageName", "prod"),
            Map.entry("TableKey", "aws-managed"),
            Map.entry("TableProtection", "enabled"),
            Map.entry("Tracing", "Active"));

    /** What API Gateway accepts: see its API reference, CreateStage, and its quotas. */
    private static final Pattern STAGE_VARIABLE = Pattern.compile("[A-Za-z0-9-._~:/?#&=,]{1,512}");

    @TempDir
    static Path folder;

    private static LocalGateway gateway;

    @BeforeAll
    static void start() {
        gateway = LocalGateway.start(
                GatewayConfig.of(LocalChat.TEMPLATE).withDynamoDb(new DynamoDb.InProcess(Optional.empty())));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /**
     * A parameter that reaches a function.
     *
     * @param setting a stage variable, an environment variable or a property of the function
     */
    private record Way(String parameter, String setting, Set<String> functions) {

        boolean isEnvironment() {
            return setting.startsWith("environment variable");
        }
    }

    @Test
    void parametersReachFunctionsAsTheGuideStates() throws IOException {
        List<Way> ways = ways(LocalChat.TEMPLATE);

        assertThat(ways).noneMatch(Way::isEnvironment);
        assertThat(table(ways)).isEqualTo("""
                | parameter | function | way |
                | --- | --- | --- |
                | `AllowedOrigins`, `Hosting` | `ConnectFunction` | stage variable `ALLOWED_ORIGINS` |
                | `MessageRetentionDays` | all | stage variable `CHAT_RETENTION_DAYS` |
                | `Tracing` | all | property `Tracing` of the published version |
                """);
        assertThat(Files.readString(GUIDE)).contains(table(ways));
    }

    /** A parameter without another value in this test would not be checked. */
    @Test
    void everyParameterOfTheTemplateIsChanged() throws IOException {
        String template = Files.readString(LocalChat.TEMPLATE);
        var declared = Pattern.compile("^  (\\w+):$", Pattern.MULTILINE)
                .matcher(template.substring(template.indexOf("\nParameters:"), template.indexOf("\nConditions:")))
                .results()
                .map(parameter -> parameter.group(1));

        assertThat(declared).containsExactlyInAnyOrderElementsOf(OTHER_VALUES.keySet());
    }

    static Stream<Arguments> byTheEnvironment() {
        String unchanged = "        TABLE_RMU: !Ref RoomMessagesUsers\n";
        return Stream.of(
                Arguments.of(
                        unchanged,
                        unchanged + "        CHAT_RETENTION_DAYS: !Ref MessageRetentionDays\n",
                        "MessageRetentionDays",
                        "CHAT_RETENTION_DAYS"),
                Arguments.of(
                        unchanged,
                        unchanged + "        ALLOWED_ORIGINS: !If [HasHosting, \"https://chat.example\", \"*\"]\n",
                        "Hosting",
                        "ALLOWED_ORIGINS"),
                Arguments.of(
                        unchanged,
                        unchanged + "        ALLOWED_ORIGINS: !Sub \"https://chat.example,${AllowedOrigins}\"\n",
                        "AllowedOrigins",
                        "ALLOWED_ORIGINS"),
                Arguments.of(
                        "TableName: !Sub \"${AWS::StackName}-client-records\"",
                        "TableName: !Sub \"${StageName}-client-records\"",
                        "StageName",
                        "TABLE_CR"));
    }

    @ParameterizedTest(name = "{2} by {3}")
    @MethodSource("byTheEnvironment")
    void parameterInAnEnvironmentIsDetected(String right, String wrong, String parameter, String variable)
            throws IOException {
        assertThat(ways(with(right, wrong)))
                .filteredOn(Way::isEnvironment)
                .singleElement()
                .satisfies(way -> {
                    assertThat(way.parameter()).isEqualTo(parameter);
                    assertThat(way.setting()).contains(variable);
                    assertThat(way.functions()).hasSize(ALL_FUNCTIONS);
                });
    }

    @Test
    void parameterInAFunctionPropertyIsDetected() throws IOException {
        assertThat(ways(with("    MemorySize: 1024\n", "    MemorySize: !Ref SlowMessageMillis\n")))
                .filteredOn(way -> way.parameter().equals("SlowMessageMillis"))
                .singleElement()
                .satisfies(way -> {
                    assertThat(way.setting()).isEqualTo("property `MemorySize` of the published version");
                    assertThat(way.functions()).contains("ConnectFunction").doesNotContain("SendMessageFunction");
                });
    }

    /** A variable that an update leaves out keeps its old value, so each must have a value in every stack. */
    @Test
    void everyStackSetsAllStageVariablesToValidValues() {
        var longest = "https://" + "a".repeat(470 - "https://".length());
        List<Map<String, String>> stacks = Stream.of("", "*", "https://chat.example", longest)
                .flatMap(origins -> Stream.of("enabled", "disabled")
                        .map(hosting -> Map.of("AllowedOrigins", origins, "Hosting", hosting)))
                .toList();

        assertThat(stacks)
                .hasSize(8)
                .allSatisfy(stack -> assertThat(
                                Stack.read(LocalChat.TEMPLATE, stack).stageVariables())
                        .containsOnlyKeys("ALLOWED_ORIGINS", "CHAT_RETENTION_DAYS")
                        .allSatisfy((name, value) -> assertThat(value).matches(STAGE_VARIABLE)));
    }

    @Test
    void hostedPageIsAllowedBesideFurtherOrigins() {
        assertThat(allowedOrigins(Map.of())).isEqualTo("https://Distribution.DomainName,");
        assertThat(allowedOrigins(Map.of("AllowedOrigins", "https://chat.example")))
                .isEqualTo("https://Distribution.DomainName,https://chat.example");
        assertThat(allowedOrigins(Map.of("AllowedOrigins", "https://chat.example", "Hosting", "disabled")))
                .isEqualTo("https://chat.example");
        assertThat(allowedOrigins(Map.of("AllowedOrigins", "*"))).isEqualTo("any");
        assertThat(allowedOrigins(Map.of("Hosting", "disabled"))).isEqualTo("none");
    }

    private static String allowedOrigins(Map<String, String> parameters) {
        return Stack.read(LocalChat.TEMPLATE, parameters).stageVariables().getOrDefault("ALLOWED_ORIGINS", "");
    }

    // --- the ways ---

    /** What a template deploys that can reach a function. */
    private record Stack(Map<String, Properties> functions, Map<String, String> stageVariables) {

        static Stack read(Path template, Map<String, String> parameters) {
            Map<String, Properties> functions = new TreeMap<>();
            Map<String, String> stageVariables = new TreeMap<>();
            for (var resource : DeployedApplication.read(template, parameters, TemplateChecks.REGION)
                    .resources()) {
                var properties = new Properties(resource.properties());
                switch (resource.type()) {
                    case "AWS::Serverless::Function" -> functions.put(resource.logicalId(), properties);
                    case "AWS::ApiGatewayV2::Stage" -> {
                        if (properties.at("StageVariables").value() instanceof Map<?, ?> variables) {
                            variables.forEach(
                                    (name, value) -> stageVariables.put(String.valueOf(name), String.valueOf(value)));
                        }
                    }
                    default -> {}
                }
            }
            assertThat(functions).hasSize(ALL_FUNCTIONS);
            return new Stack(functions, stageVariables);
        }
    }

    /** On a stack of defaults, and on one with everything switched on, since one parameter may need another. */
    private static List<Way> ways(Path template) {
        var everything =
                Map.of("AuthMode", "IAM", "Tracing", "Active", "AccessLogs", "enabled", "AlarmEmail", "a@chat.example");
        Map<String, Map<String, Set<String>>> reached = new TreeMap<>();
        for (var parameters : List.of(Map.<String, String>of(), everything)) {
            var before = Stack.read(template, parameters);
            OTHER_VALUES.keySet().forEach(parameter -> {
                Map<String, String> changed = new HashMap<>(parameters);
                if (changed.remove(parameter) == null) {
                    changed.put(parameter, OTHER_VALUES.getOrDefault(parameter, ""));
                }
                compare(
                        before,
                        Stack.read(template, changed),
                        reached.computeIfAbsent(parameter, key -> new TreeMap<>()));
            });
        }
        return reached.entrySet().stream()
                .flatMap(parameter -> parameter.getValue().entrySet().stream()
                        .map(way -> new Way(parameter.getKey(), way.getKey(), way.getValue())))
                .toList();
    }

    private static void compare(Stack before, Stack after, Map<String, Set<String>> reached) {
        before.functions().forEach((function, properties) -> {
            Properties other = after.functions().getOrDefault(function, new Properties(null));
            differences(properties.at("Environment", "Variables"), other.at("Environment", "Variables"))
                    .forEach(name -> add(reached, "environment variable `" + name + "`", function));
            differences(properties, other)
                    .filter(name -> !name.equals("Environment"))
                    .forEach(name -> add(reached, "property `" + name + "` of the published version", function));
        });
        differences(new Properties(before.stageVariables()), new Properties(after.stageVariables()))
                .forEach(name ->
                        readers(name).forEach(function -> add(reached, "stage variable `" + name + "`", function)));
    }

    private static void add(Map<String, Set<String>> reached, String setting, String function) {
        reached.computeIfAbsent(setting, key -> new TreeSet<>()).add(function);
    }

    private static Stream<String> differences(Properties one, Properties other) {
        Set<String> names = new HashSet<>();
        for (var properties : List.of(one, other)) {
            if (properties.value() instanceof Map<?, ?> map) {
                map.keySet().forEach(name -> names.add(String.valueOf(name)));
            }
        }
        return names.stream().filter(name -> !one.at(name).equals(other.at(name)));
    }

    // --- the readers of a stage variable ---

    private static final Map<String, Set<String>> READERS = new HashMap<>();

    /** The functions that cannot answer an event with a wrong value of the variable. */
    private static Set<String> readers(String stageVariable) {
        return READERS.computeIfAbsent(stageVariable, name -> {
            Set<String> readers = new TreeSet<>();
            Map<String, String> right = Stack.read(LocalChat.TEMPLATE, Map.of()).stageVariables();
            Map<String, String> wrong = new HashMap<>(right);
            wrong.put(name, "?");
            dev.chatlab.endtoend.Deployed.functions().forEach((route, function) -> {
                assertThat(fails(route, right)).as(route).isFalse();
                if (fails(route, wrong)) {
                    readers.add(function.logicalId());
                }
            });
            return readers;
        });
    }

    private static boolean fails(String route, Map<String, String> stageVariables) {
        var context = new RequestContext();
        context.setApiId("api");
        context.setStage("dev");
        context.setRouteKey(route);
        context.setConnectionId(UUID.randomUUID().toString());
        context.setRequestTimeEpoch(System.currentTimeMillis());
        context.setEventType(
                switch (route) {
                    case "$connect" -> "CONNECT";
                    case "$disconnect" -> "DISCONNECT";
                    default -> "MESSAGE";
                });
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setStageVariables(stageVariables);
        event.setBody(
                switch (route) {
                    case "$connect", "$disconnect" -> "";
                    default -> "{\"value\":\"hall\",\"room\":\"hall\",\"key\":\"0123456789abcdef0123\"}";
                });
        try {
            var response = dev.chatlab.endtoend.Deployed.start(
                            route,
                            dev.chatlab.endtoend.Deployed.environment(
                                    gateway.dynamoDb().orElseThrow().toString()))
                    .handler()
                    .handleRequest(event, null);
            return response.getStatusCode() == 500
                    || String.valueOf(response.getBody()).contains("\"internal\"");
        } catch (Throwable e) {
            throw new AssertionError(route, e);
        }
    }

    // --- the guide ---

    /** The ways as the guide lists them: parameters that share a way share a row. */
    private static String table(List<Way> ways) {
        return ways.stream()
                .collect(groupingBy(
                        way -> " | " + functions(way) + " | " + way.setting() + " |\n",
                        TreeMap::new,
                        mapping(
                                way -> "`" + way.parameter() + "`",
                                collectingAndThen(toCollection(TreeSet::new), all -> String.join(", ", all)))))
                .entrySet()
                .stream()
                .map(row -> "| " + row.getValue() + row.getKey())
                .sorted()
                .collect(joining("", "| parameter | function | way |\n| --- | --- | --- |\n", ""));
    }

    private static String functions(Way way) {
        return way.functions().size() == ALL_FUNCTIONS
                ? "all"
                : way.functions().stream().map(name -> "`" + name + "`").collect(joining(", "));
    }

    private static Path with(String right, String wrong) throws IOException {
        String template = Files.readString(LocalChat.TEMPLATE);
        assertThat(template).contains(right);
        return Files.writeString(folder.resolve("template.yaml"), template.replace(right, wrong));
    }
}
