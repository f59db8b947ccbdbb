package dev.samlocal.template;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A WebSocket API as its template describes it, in API Gateway's terms. */
public record WebSocketApi(
        String apiId,
        SelectionExpression routeSelection,
        String stage,
        Map<String, String> stageVariables,
        Map<String, Route> routes) {

    public static final String CONNECT = "$connect";
    public static final String DISCONNECT = "$disconnect";
    public static final String DEFAULT = "$default";

    /**
     * A route.
     *
     * @param responds whether the integration's response goes to the client: the route selects a response and has one
     * @param authorizationType as written, or {@code NONE}
     */
    public record Route(String key, Integration integration, boolean responds, String authorizationType) {}

    /** The back end of a route. */
    public sealed interface Integration {

        /** How long API Gateway waits for the response, 29 seconds at most. */
        Duration timeout();
    }

    /** {@code AWS_PROXY}: a function receives the whole event and returns the whole response. */
    public record LambdaProxy(Function function, Duration timeout) implements Integration {}

    /** {@code MOCK}: API Gateway responds itself, from templates. */
    public record Mock(int statusCode, Optional<MappingTemplate> response, Duration timeout) implements Integration {}

    /**
     * A Lambda function.
     *
     * @param handler {@code package.Class} or {@code package.Class::method}
     * @param codeUri the path of a jar or folder as the template writes it, relative to the template
     * @param environment the template's variables
     * @param line where the template declares the handler
     */
    public record Function(
            String logicalId,
            String name,
            String arn,
            String handler,
            Optional<String> codeUri,
            Map<String, String> environment,
            Duration timeout,
            int memoryMegabytes,
            int line) {}

    /** The functions that routes invoke. A template may have others. */
    public Collection<Function> functions() {
        Map<String, Function> functions = new LinkedHashMap<>();
        routes.values().forEach(route -> {
            if (route.integration() instanceof LambdaProxy proxy) {
                functions.put(proxy.function().logicalId(), proxy.function());
            }
        });
        return functions.values();
    }
}
