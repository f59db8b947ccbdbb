package dev.chatlab.endtoend;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.samlocal.template.DeployedApplication;
import dev.samlocal.template.DeployedApplication.DeployedResource;
import dev.samlocal.template.TemplateException;
import dev.samlocal.template.WebSocketApi;
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

/** Checks between the template and the code, for mistakes that a deployment would reveal too late. */
final class TemplateChecks {

    static final String REGION = "eu-west-1";

    private static final String STAGE_ARN = "arn:aws:execute-api:" + REGION + ":000000000000:Api/";

    /** The variables that Lambda sets itself. */
    private static final Map<String, String> LAMBDA =
            Map.of("AWS_REGION", REGION, "AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret");

    /** The source code of the functions. */
    static final String CODE = Stream.of(
                    "adapter-lambda",
                    "adapter-dynamodb",
                    "adapter-inmemory",
                    "chat-protocol",
                    "chat-ports",
                    "chat-domain")
            .map(module -> Path.of("..", module, "src", "main", "java"))
            .map(TemplateChecks::sources)
            .collect(Collectors.joining());

    private static final Pattern VARIABLE = Pattern.compile("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"");

    private final WebSocketApi api;
    private final List<DeployedResource> resources;

    private TemplateChecks(Path template, Map<String, String> parameters) {
        var application = DeployedApplication.read(template, parameters, REGION);
        api = application.api();
        resources = application.resources();
        var unused = application.outputs();
    }

    /** All problems, one sentence each. */
    static List<String> problems(Path template, Map<String, String> parameters) {
        try {
            return new TemplateChecks(template, parameters).problems();
        } catch (TemplateException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private List<String> problems() {
        return Stream.<Stream<String>>of(
                        handlers(),
                        runtimes(),
                        unusedVariables(),
                        missingVariables(),
                        deployment(),
                        permissions(),
                        responses(),
                        tables(),
                        new RoleChecks(resources).problems(),
                        new MetricChecks(resources).problems(),
                        new HostingChecks(resources).problems())
                .flatMap(Function.identity())
                .toList();
    }

    private Stream<String> handlers() {
        return ofType("AWS::Serverless::Function").<String>mapMulti((function, problems) -> {
            String handler = String.valueOf(function.properties().get("Handler"));
            try {
                if (!RequestHandler.class.isAssignableFrom(Class.forName(handler))) {
                    problems.accept(function.logicalId() + ": " + handler + " is not a RequestHandler");
                }
            } catch (ClassNotFoundException e) {
                problems.accept(function.logicalId() + ": there is no class " + handler);
            }
        });
    }

    /** SnapStart works for published versions only, so routes invoke the alias. */
    private Stream<String> runtimes() {
        return ofType("AWS::Serverless::Function")
                .filter(function -> {
                    var properties = new Properties(function.properties());
                    return !(properties.at("Runtime").is("java25")
                            && properties.at("Architectures").texts().equals(List.of("arm64"))
                            && properties.at("SnapStart", "ApplyOn").is("PublishedVersions")
                            && properties.at("AutoPublishAlias").is("live"));
                })
                .map(function -> function.logicalId() + ": not java25 on arm64 from a published snapshot");
    }

    private Stream<String> unusedVariables() {
        Set<String> read = variablesInCode();
        return api.functions().stream()
                .flatMap(function -> function.environment().keySet().stream()
                        .filter(name -> !read.contains(name))
                        .map(name -> function.logicalId() + ": no code reads the variable " + name));
    }

    private static Set<String> variablesInCode() {
        return VARIABLE.matcher(CODE).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    private static String sources(Path folder) {
        try (var files = Files.walk(folder)) {
            var text = new StringBuilder();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                text.append(Files.readString(file));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A handler's constructor fails when a required variable is missing. */
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

    /** A stage that is deployed before its routes would lack them in the first deployment. */
    private Stream<String> deployment() {
        return ofType("AWS::ApiGatewayV2::Stage").<String>mapMulti((stage, problems) -> {
            if (!new Properties(stage.properties()).at("AutoDeploy").is("true")) {
                problems.accept(stage.logicalId() + ": it is not deployed automatically");
            }
            Set<String> before = new LinkedHashSet<>(stage.dependsOn());
            // A route response belongs to a route and depends on it.
            ofType("AWS::ApiGatewayV2::RouteResponse")
                    .filter(response -> stage.dependsOn().contains(response.logicalId()))
                    .forEach(response -> before.add(
                            new Properties(response.properties()).at("RouteId").text()));
            resources.stream()
                    .filter(resource -> Set.of(
                                    "AWS::ApiGatewayV2::Route",
                                    "AWS::ApiGatewayV2::RouteResponse",
                                    "AWS::ApiGatewayV2::IntegrationResponse")
                            .contains(resource.type()))
                    .filter(resource -> !before.contains(resource.logicalId()))
                    .forEach(resource -> problems.accept(
                            stage.logicalId() + ": may be deployed before there is " + resource.logicalId()));
        });
    }

    /** A route without permission to invoke its function fails at every message, and only in a deployment. */
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
                var permission = List.of(proxy.function().arn(), STAGE_ARN + api.stage() + "/" + key);
                needed.add(permission);
                if (!permitted.contains(permission)) {
                    problems.add("the route " + key + " may not invoke "
                            + proxy.function().arn());
                }
            }
        });
        permitted.stream()
                .filter(permission -> !needed.contains(permission))
                .forEach(permission -> problems.add(
                        permission.getLast() + " may invoke " + permission.getFirst() + ", but no route does"));
        return problems.stream();
    }

    /** Message routes respond to the client. The connect and disconnect routes do not. */
    private Stream<String> responses() {
        return api.routes().values().stream()
                .filter(route -> route.responds()
                        == Set.of(WebSocketApi.CONNECT, WebSocketApi.DISCONNECT).contains(route.key()))
                .map(route -> "the route " + route.key()
                        + (route.responds() ? " has a response that goes nowhere" : " has no response"));
    }

    /** The table's TTL attribute is the one that the store writes. */
    private Stream<String> tables() {
        return ofType("AWS::DynamoDB::Table").<String>mapMulti((table, problems) -> {
            var properties = new Properties(table.properties());
            var expiry = properties.at("TimeToLiveSpecification");
            if (!expiry.at("Enabled").is("true")
                    || !CODE.contains('"' + expiry.at("AttributeName").text() + '"')) {
                problems.accept(table.logicalId() + ": nothing in it ever expires");
            }
            if (!properties.at("BillingMode").is("PAY_PER_REQUEST")) {
                problems.accept(table.logicalId() + ": not paid by the request");
            }
        });
    }

    private Stream<DeployedResource> ofType(String type) {
        return resources.stream().filter(resource -> resource.type().equals(type));
    }
}
