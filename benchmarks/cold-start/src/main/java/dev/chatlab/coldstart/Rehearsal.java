package dev.chatlab.coldstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.samlocal.template.WebSocketApi;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What has happened before a function is asked: done by the functions themselves, warm and in this process. */
final class Rehearsal {

    /** As the runtime interface client reads them. */
    private static final PojoSerializer<APIGatewayV2WebSocketEvent> EVENTS =
            JacksonFactory.getInstance().getSerializer(APIGatewayV2WebSocketEvent.class);

    private final Map<String, RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse>> functions =
            new HashMap<>();
    private final List<String> open = new ArrayList<>();

    /** With the handlers of the API's routes, each with its environment and what it has besides. */
    Rehearsal(Map<String, WebSocketApi.Function> routes, Map<String, String> environment)
            throws ReflectiveOperationException {
        for (var route : routes.entrySet()) {
            Map<String, String> variables = new HashMap<>(route.getValue().environment());
            variables.putAll(environment);
            @SuppressWarnings("unchecked") // as Lambda takes it to be
            RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> function = Class.forName(
                            route.getValue().handler())
                    .asSubclass(RequestHandler.class)
                    .getConstructor(Map.class)
                    .newInstance(variables);
            functions.put(route.getKey(), function);
        }
    }

    void connect(String connection) {
        handle("$connect", connection, "");
        open.add(connection);
    }

    void send(String connection, String route, String frame) {
        handle(route, connection, frame);
    }

    /** Everybody leaves, so that nobody hears what the next ones say. */
    void end() {
        open.forEach(connection -> handle("$disconnect", connection, ""));
        open.clear();
    }

    private void handle(String route, String connection, String frame) {
        var event = EVENTS.fromJson(
                new ByteArrayInputStream(event(route, connection, frame).getBytes(UTF_8)));
        var response = Objects.requireNonNull(functions.get(route)).handleRequest(event, null);
        if (response.getStatusCode() != 200 || response.getBody().contains("\"error\"")) {
            throw new IllegalStateException(route + " " + frame + " was answered " + response.getBody());
        }
    }

    /** As API Gateway sends it. */
    static String event(String route, String connection, String frame) {
        return """
                {"requestContext":{"routeKey":"%s","eventType":"%s","extendedRequestId":"JKJaXmPLvHcESHA=",\
                "requestTime":"01/Jan/2026:12:00:00 +0000","messageDirection":"IN","stage":"dev","connectedAt":%d,\
                "requestTimeEpoch":%d,"identity":{"sourceIp":"192.0.2.1"},"requestId":"JKJaXFwtPHcFUnA=",\
                "domainName":"abc123.execute-api.us-east-1.amazonaws.com","connectionId":"%s","apiId":"abc123"},\
                "body":%s,"isBase64Encoded":false}""".formatted(
                        route,
                        switch (route) {
                            case "$connect" -> "CONNECT";
                            case "$disconnect" -> "DISCONNECT";
                            default -> "MESSAGE";
                        },
                        System.currentTimeMillis(),
                        System.currentTimeMillis(),
                        connection,
                        frame.isEmpty() ? "null" : "\"" + frame.replace("\"", "\\\"") + "\"");
    }
}
