package dev.chatlab.local.template;

import dev.chatlab.local.template.WebSocketApi.Function;
import dev.chatlab.local.template.WebSocketApi.Integration;
import dev.chatlab.local.template.WebSocketApi.LambdaProxy;
import dev.chatlab.local.template.WebSocketApi.Mock;
import dev.chatlab.local.template.WebSocketApi.Route;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the WebSocket API of a SAM or CloudFormation template: its stage, routes, integrations and functions. */
public final class TemplateReader {
    /** API Gateway waits 29 seconds for an integration, unless it is told to wait less. */
    private static final int MAX_INTEGRATION_MILLIS = 29_000;

    private static final Pattern STAGE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern FUNCTION_ARN =
            Pattern.compile("arn:[^:/]+:lambda:[^:/]*:[^:/]*:function:([^:/]+)(?::([^:/]+))?");
    private static final Pattern TARGET = Pattern.compile("integrations/(.+)");
    private static final Pattern RESPONSE_STATUS = Pattern.compile("\"?statusCode\"?\\s*:\\s*(\\d{3})");

    private final Template template;
    private final Resource api;

    private TemplateReader(Template template) {
        this.template = template;
        this.api = only(
                template.ofType("AWS::ApiGatewayV2::Api").stream()
                        .filter(candidate -> candidate.text("ProtocolType").equals("WEBSOCKET"))
                        .toList(),
                "AWS::ApiGatewayV2::Api with ProtocolType WEBSOCKET");
    }

    /**
     * The API that a template describes.
     *
     * @param parameters values for the template's parameters; the others keep their defaults
     * @throws TemplateException naming file, line, logical id and property, whenever the template cannot be run
     */
    public static WebSocketApi read(Path file, Map<String, String> parameters, String region) {
        try {
            return new TemplateReader(Template.parse(text(file), parameters, region)).api();
        } catch (TemplateException e) {
            throw e.in(file.toString());
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new TemplateException(0, "", "there is no such file");
        } catch (CharacterCodingException e) {
            throw new TemplateException(0, "", "not YAML: it is not UTF-8 text");
        } catch (IOException e) {
            throw new TemplateException(0, "", "it cannot be read: " + e.getMessage());
        }
    }

    private WebSocketApi api() {
        var stage = only(ofApi("AWS::ApiGatewayV2::Stage"), "AWS::ApiGatewayV2::Stage");
        String stageName = stage.text("StageName");
        if (!STAGE_NAME.matcher(stageName).matches()) {
            throw stage.problem("StageName", "\"" + stageName + "\" is not letters, digits, hyphens and underscores");
        }
        String expression = api.text("RouteSelectionExpression");
        var routeSelection = SelectionExpression.parse(expression)
                .orElseThrow(() -> api.problem(
                        "RouteSelectionExpression", expression + " is not of the form $request.body.field"));
        return new WebSocketApi(api.logicalId(), routeSelection, stageName, stage.texts("StageVariables"), routes());
    }

    private Map<String, Route> routes() {
        var responses = ofApi("AWS::ApiGatewayV2::RouteResponse");
        Map<String, Route> routes = new LinkedHashMap<>();
        for (var resource : ofApi("AWS::ApiGatewayV2::Route")) {
            String key = resource.text("RouteKey");
            String target = resource.optionalText("Target")
                    .orElseThrow(() -> resource.problem("Target", "the route " + key + " has no integration"));
            var match = TARGET.matcher(target);
            if (!match.matches()) {
                throw resource.problem("Target", target + " is not integrations/<integration>");
            }
            var integration = template.resource(match.group(1))
                    .filter(candidate -> candidate.is("AWS::ApiGatewayV2::Integration"))
                    .orElseThrow(() -> resource.problem("Target", "there is no integration " + match.group(1)));
            boolean selects = resource.optionalText("RouteResponseSelectionExpression")
                    .map(selection -> {
                        if (!selection.equals("$default")) {
                            throw resource.problem(
                                    "RouteResponseSelectionExpression",
                                    selection + " is not $default, the only one there is");
                        }
                        return true;
                    })
                    .orElse(false);
            boolean responds = selects
                    && responses.stream()
                            .anyMatch(response -> response.text("RouteId").equals(resource.logicalId()));
            String authorization = resource.optionalText("AuthorizationType").orElse("NONE");
            if (!authorization.equals("NONE") && !authorization.equals("AWS_IAM")) {
                throw resource.problem("AuthorizationType", authorization + " has no local counterpart");
            }
            var route = new Route(key, integration(integration), responds, authorization);
            if (routes.putIfAbsent(key, route) != null) {
                throw resource.problem("RouteKey", "another route has the key " + key);
            }
        }
        return Map.copyOf(routes);
    }

    private Integration integration(Resource resource) {
        var timeout = Duration.ofMillis(
                resource.integer("TimeoutInMillis", MAX_INTEGRATION_MILLIS, 50, MAX_INTEGRATION_MILLIS));
        return switch (resource.text("IntegrationType")) {
            case "AWS_PROXY" -> new LambdaProxy(function(resource), timeout);
            case "MOCK" -> mock(resource, timeout);
            case String other ->
                throw resource.problem("IntegrationType", other + " has no local counterpart: AWS_PROXY and MOCK have");
        };
    }

    private Function function(Resource integration) {
        String uri = integration.text("IntegrationUri");
        var match = FUNCTION_ARN.matcher(uri);
        if (!match.find()) {
            throw integration.problem("IntegrationUri", uri + " names no function");
        }
        String name = match.group(1);
        String qualifier = match.group(2);
        for (var candidate : template.ofType("AWS::Serverless::Function", "AWS::Lambda::Function")) {
            if (candidate
                    .optionalText("FunctionName")
                    .orElse(candidate.logicalId())
                    .equals(name)) {
                if (qualifier != null && !qualified(candidate, name, qualifier)) {
                    throw integration.problem("IntegrationUri", "the function " + name + " has no alias " + qualifier);
                }
                return function(candidate, name, match.group());
            }
        }
        throw integration.problem("IntegrationUri", "there is no function " + name);
    }

    private boolean qualified(Resource function, String name, String qualifier) {
        return qualifier.equals("$LATEST")
                || qualifier.matches("\\d+")
                || function.optionalText("AutoPublishAlias")
                        .filter(qualifier::equals)
                        .isPresent()
                || template.ofType("AWS::Lambda::Alias").stream()
                        .anyMatch(alias -> alias.text("Name").equals(qualifier)
                                && (alias.text("FunctionName").equals(name)
                                        || alias.text("FunctionName").endsWith(":function:" + name)));
    }

    private static Function function(Resource resource, String name, String arn) {
        resource.optionalText("Runtime")
                .filter(runtime -> !runtime.startsWith("java"))
                .ifPresent(runtime -> {
                    throw resource.problem("Runtime", runtime + " does not run here: only Java does");
                });
        return new Function(
                resource.logicalId(),
                name,
                arn,
                resource.text("Handler"),
                resource.texts("Environment", "Variables"),
                Duration.ofSeconds(resource.integer("Timeout", 3, 1, 900)),
                resource.integer("MemorySize", 128, 128, 10_240));
    }

    /**
     * A mock answers with the status code of its request template; that code selects the integration response, and
     * the response its template.
     */
    private Mock mock(Resource integration, Duration timeout) {
        String request = selected(integration, "RequestTemplates")
                .map(MappingTemplate::text)
                .orElse("{\"statusCode\":200}");
        var status = RESPONSE_STATUS.matcher(request);
        if (!status.find()) {
            throw integration.problem("RequestTemplates", "a mock's request template says {\"statusCode\":200}");
        }
        var responses = ofApi("AWS::ApiGatewayV2::IntegrationResponse").stream()
                .filter(response -> response.text("IntegrationId").equals(integration.logicalId()))
                .toList();
        var response = response(responses, "/" + status.group(1) + "/").or(() -> response(responses, "$default"));
        return new Mock(
                Integer.parseInt(status.group(1)),
                response.flatMap(found -> selected(found, "ResponseTemplates")),
                timeout);
    }

    private static Optional<Resource> response(List<Resource> responses, String key) {
        return responses.stream()
                .filter(response -> response.text("IntegrationResponseKey").equals(key))
                .findFirst();
    }

    /** The template under the key that TemplateSelectionExpression says: a literal such as 200, or else $default. */
    private static Optional<MappingTemplate> selected(Resource resource, String property) {
        String selection = resource.optionalText("TemplateSelectionExpression")
                .orElse("$default")
                .replace("\\$", "$");
        if (selection.startsWith("$") && !selection.equals("$default")) {
            throw resource.problem(
                    "TemplateSelectionExpression", selection + " has no local counterpart: a literal has");
        }
        var templates = resource.texts(property);
        var chosen = Optional.ofNullable(templates.getOrDefault(selection, templates.get("$default")))
                .map(MappingTemplate::new);
        chosen.flatMap(MappingTemplate::unsupported).ifPresent(what -> {
            throw resource.problem(property, what + " has no local counterpart: $context has");
        });
        return chosen;
    }

    private List<Resource> ofApi(String type) {
        return template.ofType(type).stream()
                .filter(resource -> resource.text("ApiId").equals(api.logicalId()))
                .toList();
    }

    private static Resource only(List<Resource> resources, String what) {
        if (resources.isEmpty()) {
            throw new TemplateException(0, "Resources", "there is no " + what);
        }
        if (resources.size() > 1) {
            throw resources.get(1).problem("there is more than one " + what);
        }
        return resources.getFirst();
    }
}
