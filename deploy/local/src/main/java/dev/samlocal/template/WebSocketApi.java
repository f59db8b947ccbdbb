package dev.samlocal.template;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** A route selection expression such as {@code $request.body.path.to.field}: the path of the route key in a message. */
    public record SelectionExpression(List<String> path) {
        private static final Pattern BODY = Pattern.compile("\\$\\{?request\\.body\\.([A-Za-z0-9_.-]+)}?");

        static Optional<SelectionExpression> parse(String text) {
            var match = BODY.matcher(text);
            return match.matches()
                    ? Optional.of(new SelectionExpression(List.of(match.group(1).split("\\.", -1))))
                    : Optional.empty();
        }

        /** The route key in a message, which is given as maps, lists and scalars. */
        public Optional<String> select(Object body) {
            Object at = body;
            for (String field : path) {
                at = at instanceof Map<?, ?> object ? object.get(field) : null;
            }
            return at == null || at instanceof Map || at instanceof List
                    ? Optional.empty()
                    : Optional.of(at.toString());
        }
    }

    /**
     * An API Gateway mapping template made of text and {@code $context} variables. An unknown variable renders as nothing, as
     * documented for gateway responses.
     */
    public record MappingTemplate(String text) {
        private static final Pattern CONTEXT = Pattern.compile("\\$\\{?context\\.([A-Za-z]+(?:\\.[A-Za-z]+)*)}?");
        private static final Pattern UNSUPPORTED = Pattern.compile(
                "#(?:set|if|elseif|else|end|foreach|macro|define)\\b|\\$!?\\{?(?:input|util|stageVariables)\\b");

        /** The first directive or variable in this template that is not supported. */
        Optional<String> unsupported() {
            return UNSUPPORTED
                    .matcher(text)
                    .results()
                    .map(match -> match.group())
                    .findFirst();
        }

        /**
         * The text with the variables' values.
         *
         * @param context the event's request context: nested maps
         */
        public String render(Map<String, Object> context) {
            return CONTEXT.matcher(text).replaceAll(match -> {
                Object value = context;
                for (String name : match.group(1).split("\\.", -1)) {
                    value = value instanceof Map<?, ?> map ? map.get(name) : null;
                }
                return value == null ? "" : Matcher.quoteReplacement(value.toString());
            });
        }
    }
}
