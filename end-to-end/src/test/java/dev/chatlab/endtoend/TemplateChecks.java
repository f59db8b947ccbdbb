package dev.chatlab.endtoend;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.chatlab.local.template.Deployed;
import dev.chatlab.local.template.TemplateException;
import dev.chatlab.local.template.TemplateReader;
import dev.chatlab.local.template.WebSocketApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What has to hold between the template and the code, and what a deployment would find out too late. */
final class TemplateChecks {

    private static final String REGION = "eu-west-1";
    private static final String STAGE_ARN = "arn:aws:execute-api:" + REGION + ":000000000000:Api/dev/";

    /** The variables that Lambda sets itself. */
    private static final Map<String, String> LAMBDA =
            Map.of("AWS_REGION", REGION, "AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret");

    /** The parts of the code whose variables functions can have. */
    private static final List<Path> SOURCES = Stream.of("adapter-lambda", "adapter-dynamodb", "adapter-inmemory")
            .map(module -> Path.of("..", module, "src", "main", "java"))
            .toList();

    private static final Pattern VARIABLE = Pattern.compile("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"");

    private final WebSocketApi api;
    private final List<Deployed> resources;

    private TemplateChecks(Path template, Map<String, String> parameters) {
        api = TemplateReader.read(template, parameters, REGION);
        resources = Deployed.read(template, parameters, REGION);
    }

    /** Everything that is wrong, one sentence each; nothing, where all is well. */
    static List<String> problems(Path template, Map<String, String> parameters) {
        try {
            return new TemplateChecks(template, parameters).problems();
        } catch (TemplateException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private List<String> problems() {
        return Stream.<Stream<String>>of(
                        handlers(), unusedVariables(), missingVariables(), permissions(), responses(), wildcards())
                .flatMap(Function.identity())
                .toList();
    }

    private Stream<String> handlers() {
        return ofType("AWS::Serverless::Function").<String>mapMulti((function, problems) -> {
            String handler = String.valueOf(function.properties().get("Handler"));
            try {
                if (!RequestHandler.class.isAssignableFrom(Class.forName(handler))) {
                    problems.accept(function.logicalId() + ": " + handler + " is no RequestHandler");
                }
            } catch (ClassNotFoundException e) {
                problems.accept(function.logicalId() + ": there is no class " + handler);
            }
        });
    }

    private Stream<String> unusedVariables() {
        Set<String> read = variablesInCode();
        return api.functions().stream()
                .flatMap(function -> function.environment().keySet().stream()
                        .filter(name -> !read.contains(name))
                        .map(name -> function.logicalId() + ": nobody reads the variable " + name));
    }

    private static Set<String> variablesInCode() {
        Set<String> names = new LinkedHashSet<>();
        for (Path folder : SOURCES) {
            try (var files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file ->
                                VARIABLE.matcher(text(file)).results().forEach(match -> names.add(match.group(1))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a handler cannot do without, it says when it is made. */
    private Stream<String> missingVariables() {
        return api.functions().stream().<String>mapMulti((function, problems) -> {
            Map<String, String> environment = new HashMap<>(LAMBDA);
            environment.putAll(function.environment());
            try {
                Class.forName(function.handler()).getConstructor(Map.class).newInstance(environment);
            } catch (InvocationTargetException e) {
                problems.accept(
                        function.logicalId() + ": " + e.getTargetException().getMessage());
            } catch (ReflectiveOperationException e) {
                problems.accept(function.logicalId() + ": cannot be made: " + e);
            }
        });
    }

    /** A route that may not invoke its function fails at every message, and nothing but a deployment shows it. */
    private Stream<String> permissions() {
        Set<List<String>> permitted = ofType("AWS::Lambda::Permission")
                .filter(permission ->
                        "lambda:InvokeFunction".equals(permission.properties().get("Action"))
                                && "apigateway.amazonaws.com"
                                        .equals(permission.properties().get("Principal")))
                .map(permission -> List.of(
                        String.valueOf(permission.properties().get("FunctionName")),
                        String.valueOf(permission.properties().get("SourceArn"))))
                .collect(Collectors.toSet());
        Set<List<String>> needed = new LinkedHashSet<>();
        List<String> problems = new ArrayList<>();
        api.routes().forEach((key, route) -> {
            if (route.integration() instanceof WebSocketApi.LambdaProxy proxy) {
                var permission = List.of(proxy.function().arn(), STAGE_ARN + key);
                needed.add(permission);
                if (!permitted.contains(permission)) {
                    problems.add("the route " + key + " may not invoke "
                            + proxy.function().arn());
                }
            }
        });
        permitted.stream()
                .filter(permission -> !needed.contains(permission))
                .forEach(permission ->
                        problems.add(permission.getLast() + " may invoke " + permission.getFirst() + ", and does not"));
        return problems.stream();
    }

    /** Whoever sends a message is answered; whoever comes or goes is not. */
    private Stream<String> responses() {
        return api.routes().values().stream()
                .filter(route -> route.responds()
                        == Set.of(WebSocketApi.CONNECT, WebSocketApi.DISCONNECT).contains(route.key()))
                .map(route -> "the route " + route.key()
                        + (route.responds() ? " has a response that goes nowhere" : " has no response"));
    }

    /** Neither connection ids nor X-Ray's resources can be named; everything else can. */
    private Stream<String> wildcards() {
        return ofType("AWS::IAM::Role")
                .flatMap(role -> list(role.properties().get("Policies")).stream()
                        .flatMap(policy -> list(at(at(policy, "PolicyDocument"), "Statement")).stream())
                        .flatMap(statement -> wildcards(role.logicalId(), statement)));
    }

    private static Stream<String> wildcards(String role, Object statement) {
        List<?> actions = list(at(statement, "Action"));
        boolean tracing =
                actions.stream().allMatch(action -> String.valueOf(action).startsWith("xray:"));
        return Stream.concat(
                        actions.stream(),
                        list(at(statement, "Resource")).stream()
                                .filter(resource -> !(tracing && resource.equals("*")))
                                .map(resource -> String.valueOf(resource).replaceFirst("/@connections/\\*$", "")))
                .map(String::valueOf)
                .filter(text -> text.contains("*") || text.contains("?"))
                .map(text -> role + ": the wildcard in " + text + " grants more than is named");
    }

    private Stream<Deployed> ofType(String type) {
        return resources.stream().filter(resource -> resource.type().equals(type));
    }

    private static @Nullable Object at(@Nullable Object map, String key) {
        return map instanceof Map<?, ?> entries ? entries.get(key) : null;
    }

    private static List<?> list(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list ? list : List.of(value);
    }
}
