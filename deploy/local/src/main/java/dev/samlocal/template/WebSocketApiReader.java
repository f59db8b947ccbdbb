package dev.samlocal.template;

import dev.samlocal.template.WebSocketApi.Function;
import dev.samlocal.template.WebSocketApi.Integration;
import dev.samlocal.template.WebSocketApi.LambdaProxy;
import dev.samlocal.template.WebSocketApi.MappingTemplate;
import dev.samlocal.template.WebSocketApi.Mock;
import dev.samlocal.template.WebSocketApi.Route;
import dev.samlocal.template.WebSocketApi.SelectionExpression;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the WebSocket API of a template: its stage, routes, integrations and functions. */
final class WebSocketApiReader {
    /** API Gateway's limit for an integration, and its default. */
    private static final int MAX_INTEGRATION_MILLIS = 29_000;

    private static final Pattern FUNCTION_ARN =
            Pattern.compile("arn:[^:/]+:lambda:[^:/]*:[^:/]*:function:([^:/]+)(?::[^:/]+)?");
    private static final Pattern RESPONSE_STATUS = Pattern.compile("\"?statusCode\"?\\s*:\\s*(\\d{3})");

    private final Template template;
    private final Resource api;

    WebSocketApiReader(Template template) {
        this.template = template;
        template.ofType("AWS::Serverless::WebSocketApi").forEach(resource -> {
            throw resource.problem(
                    "AWS::Serverless::WebSocketApi is not supported here: declare AWS::ApiGatewayV2::Api and its parts");
        });
        this.api = only(
                template.ofType("AWS::ApiGatewayV2::Api").stream()
                        .filter(candidate -> candidate.text("ProtocolType").equals("WEBSOCKET"))
                        .toList(),
                "AWS::ApiGatewayV2::Api with ProtocolType WEBSOCKET");
    }

    WebSocketApi read() {
        var stage = only(ofApi("AWS::ApiGatewayV2::Stage"), "AWS::ApiGatewayV2::Stage");
        String expression = api.text("RouteSelectionExpression");
        var routeSelection = SelectionExpression.parse(expression)
                .orElseThrow(() -> api.problem(
                        "RouteSelectionExpression", expression + " is not of the form $request.body.field"));
        Map<String, Route> routes = new LinkedHashMap<>();
        for (var resource : ofApi("AWS::ApiGatewayV2::Route")) {
            var route = route(resource);
            if (routes.putIfAbsent(route.key(), route) != null) {
                throw resource.problem("RouteKey", "another route has the key " + route.key());
            }
        }
        return new WebSocketApi(
                api.logicalId(), routeSelection, stage.text("StageName"), stage.texts("StageVariables"), routes);
    }

    private Route route(Resource resource) {
        String key = resource.text("RouteKey");
        String target = resource.optionalText("Target")
                .orElseThrow(() -> resource.problem("Target", "the route " + key + " has no integration"));
        if (!target.startsWith("integrations/")) {
            throw resource.problem("Target", target + " is not integrations/<integration>");
        }
        String name = target.substring("integrations/".length());
        var integration = template.resource(name)
                .filter(candidate -> candidate.is("AWS::ApiGatewayV2::Integration"))
                .orElseThrow(() -> resource.problem("Target", "there is no integration " + name));
        boolean responds =
                resource.optionalText("RouteResponseSelectionExpression").isPresent()
                        && ofApi("AWS::ApiGatewayV2::RouteResponse").stream()
                                .anyMatch(response -> response.text("RouteId").equals(resource.logicalId()));
        String authorization = resource.optionalText("AuthorizationType").orElse("NONE");
        if (!authorization.equals("NONE") && !authorization.equals("AWS_IAM")) {
            throw resource.problem("AuthorizationType", authorization + " is not supported here: NONE and AWS_IAM are");
        }
        return new Route(key, integration(integration), responds, authorization);
    }

    private Integration integration(Resource resource) {
        var timeout = Duration.ofMillis(
                resource.integer("TimeoutInMillis", MAX_INTEGRATION_MILLIS, 50, MAX_INTEGRATION_MILLIS));
        return switch (resource.text("IntegrationType")) {
            case "AWS_PROXY" -> new LambdaProxy(function(resource), timeout);
            case "MOCK" -> mock(resource, timeout);
            case String other ->
                throw resource.problem("IntegrationType", other + " is not supported here: AWS_PROXY and MOCK are");
        };
    }

    private Function function(Resource integration) {
        String uri = integration.text("IntegrationUri");
        var match = FUNCTION_ARN.matcher(uri);
        if (!match.find()) {
            throw integration.problem("IntegrationUri", uri + " is not the ARN of a function");
        }
        String name = match.group(1);
        var function = template.ofType("AWS::Serverless::Function", "AWS::Lambda::Function").stream()
                .filter(candidate -> candidate
                        .optionalText("FunctionName")
                        .orElse(candidate.logicalId())
                        .equals(name))
                .findFirst()
                .orElseThrow(() -> integration.problem("IntegrationUri", "there is no function " + name));
        return function(function, name, match.group());
    }

    private static Function function(Resource resource, String name, String arn) {
        resource.optionalText("PackageType").filter(type -> !type.equals("Zip")).ifPresent(type -> {
            throw resource.problem("PackageType", type + " is not supported here: Zip is");
        });
        resource.optionalText("Runtime")
                .filter(runtime -> !runtime.startsWith("java"))
                .ifPresent(runtime -> {
                    throw resource.problem("Runtime", runtime + " is not supported here: Java is");
                });
        return new Function(
                resource.logicalId(),
                name,
                arn,
                resource.text("Handler"),
                // Code in a bucket is a map or an s3:// address.
                resource.value(resource.is("AWS::Lambda::Function") ? "Code" : "CodeUri")
                        .map(String::valueOf),
                resource.texts("Environment", "Variables"),
                Duration.ofSeconds(resource.integer("Timeout", 3, 1, 900)),
                resource.integer("MemorySize", 128, 128, 10_240),
                resource.line("Handler"));
    }

    /** Reads a mock integration: the status code of its request template, and the template of its integration response. */
    private Mock mock(Resource integration, Duration timeout) {
        var request = template(integration, "RequestTemplates").map(MappingTemplate::text);
        var status = RESPONSE_STATUS.matcher(request.orElse("{\"statusCode\":200}"));
        if (!status.find()) {
            throw integration.problem("RequestTemplates", "a mock's request template contains {\"statusCode\":200}");
        }
        var response = ofApi("AWS::ApiGatewayV2::IntegrationResponse").stream()
                .filter(candidate -> candidate.text("IntegrationId").equals(integration.logicalId()))
                .findFirst()
                .flatMap(candidate -> template(candidate, "ResponseTemplates"));
        return new Mock(Integer.parseInt(status.group(1)), response, timeout);
    }

    /** The only template of a property. More than one would need a selection expression. */
    private static Optional<MappingTemplate> template(Resource resource, String property) {
        var templates = resource.texts(property);
        if (templates.size() > 1) {
            throw resource.problem(property, "more than one template is not supported here");
        }
        var only = templates.values().stream().findFirst().map(MappingTemplate::new);
        only.flatMap(MappingTemplate::unsupported).ifPresent(variable -> {
            throw resource.problem(property, variable + " is not supported here: $context is");
        });
        return only;
    }

    private List<Resource> ofApi(String type) {
        return template.ofType(type).stream()
                .filter(resource -> resource.text("ApiId").equals(api.logicalId()))
                .toList();
    }

    private static Resource only(List<Resource> resources, String type) {
        if (resources.isEmpty()) {
            throw new TemplateException(0, "Resources", "there is no " + type);
        }
        if (resources.size() > 1) {
            throw resources.get(1).problem("there is more than one " + type);
        }
        return resources.getFirst();
    }
}
