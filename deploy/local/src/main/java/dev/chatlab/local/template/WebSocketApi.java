package dev.chatlab.local.template;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
     * What a frame, a new connection or a lost one is handed to.
     *
     * @param responds whether the integration's answer goes to the caller: the route has a response and selects it
     * @param authorizationType as written, {@code NONE} unless said otherwise
     */
    public record Route(String key, Integration integration, boolean responds, String authorizationType) {}

    /** Who answers for a route. */
    public sealed interface Integration {

        /** How long API Gateway waits for the answer, 29 seconds at most. */
        Duration timeout();
    }

    /** {@code AWS_PROXY}: the function gets the whole event, and its answer is the answer. */
    public record LambdaProxy(Function function, Duration timeout) implements Integration {}

    /** {@code MOCK}: API Gateway answers by itself, from templates. */
    public record Mock(int statusCode, Optional<MappingTemplate> response, Duration timeout) implements Integration {}

    /**
     * A Lambda function.
     *
     * @param handler {@code package.Class} or {@code package.Class::method}
     * @param environment the variables of the template, resolved
     */
    public record Function(
            String logicalId,
            String name,
            String arn,
            String handler,
            Map<String, String> environment,
            Duration timeout,
            int memoryMegabytes) {}

    /** The functions that routes need; a template may have others. */
    public Set<Function> functions() {
        return routes.values().stream()
                .map(Route::integration)
                .flatMap(integration -> switch (integration) {
                    case LambdaProxy proxy -> List.of(proxy.function()).stream();
                    case Mock ignored -> List.<Function>of().stream();
                })
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
