package dev.chatlab.endtoend;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.samlocal.template.DeployedApplication;
import dev.samlocal.template.WebSocketApi.Function;
import dev.samlocal.template.WebSocketApi.LambdaProxy;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A function of the template, created in this process with an environment of its own. */
record Deployed(RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> handler, String route) {

    /** The template's functions by route. */
    static Map<String, Function> functions() {
        Map<String, Function> functions = new TreeMap<>();
        DeployedApplication.read(LocalChat.TEMPLATE, Map.of(), "us-east-1")
                .api()
                .routes()
                .forEach((key, route) -> {
                    if (route.integration() instanceof LambdaProxy proxy) {
                        functions.put(key, proxy.function());
                    }
                });
        return functions;
    }

    /** The environment that Lambda gives a function, with another DynamoDB endpoint. */
    static Map<String, String> environment(String dynamoDb) {
        Map<String, String> environment =
                new HashMap<>(functions().values().iterator().next().environment());
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_ACCESS_KEY_ID", "key");
        environment.put("AWS_SECRET_ACCESS_KEY", "key");
        environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb);
        return environment;
    }

    /** Creates the function of a route as Lambda does. Throws what its constructor throws. */
    static Deployed start(String route, Map<String, String> environment) throws Throwable {
        try {
            @SuppressWarnings("unchecked") // Lambda makes the same assumption
            RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> handler = Class.forName(
                            Objects.requireNonNull(functions().get(route)).handler())
                    .asSubclass(RequestHandler.class)
                    .getConstructor(Map.class)
                    .newInstance(environment);
            return new Deployed(handler, route);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Handles an event with a frame. */
    APIGatewayV2WebSocketResponse handle(String frame) {
        var context = new RequestContext();
        context.setApiId("api");
        context.setStage("dev");
        context.setRouteKey(route);
        context.setConnectionId("ann");
        context.setRequestTimeEpoch(System.currentTimeMillis());
        context.setEventType(
                switch (route) {
                    case "$connect" -> "CONNECT";
                    case "$disconnect" -> "DISCONNECT";
                    default -> "MESSAGE";
                });
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setBody(frame);
        return handler.handleRequest(event, null);
    }
}
