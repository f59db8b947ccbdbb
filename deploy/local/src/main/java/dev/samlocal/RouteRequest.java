package dev.samlocal;

import dev.samlocal.template.WebSocketApi;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One request of a connection to a route. The fields are those of API Gateway's developer guide ("WebSocket API mapping template
 * reference") and of recorded events.
 *
 * @param context the {@code requestContext} of the event, which is also the {@code $context} of mapping templates
 */
record RouteRequest(WebSocketApi api, Map<String, Object> context) {

    private static final DateTimeFormatter REQUEST_TIME = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** @param eventType {@code CONNECT}, {@code MESSAGE} or {@code DISCONNECT} */
    static RouteRequest of(
            WebSocketApi api, String domainName, Connection connection, String routeKey, String eventType) {
        String requestId = Ids.random();
        Instant time = Instant.now();
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("routeKey", routeKey);
        context.put("eventType", eventType);
        context.put("extendedRequestId", requestId);
        context.put("requestTime", REQUEST_TIME.format(time));
        context.put("messageDirection", "IN");
        context.put("stage", api.stage());
        context.put("connectedAt", connection.connectedAt().toEpochMilli());
        context.put("requestTimeEpoch", time.toEpochMilli());
        context.put("identity", connection.caller().identity());
        context.put("requestId", requestId);
        context.put("domainName", domainName);
        context.put("connectionId", connection.id());
        context.put("apiId", api.apiId());
        if (eventType.equals("MESSAGE")) {
            context.put("messageId", Ids.random());
        }
        return new RouteRequest(api, context);
    }

    /** The event for a function, without a body. */
    Map<String, Object> event() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("requestContext", context);
        event.put("isBase64Encoded", false);
        if (!api.stageVariables().isEmpty()) {
            event.put("stageVariables", api.stageVariables());
        }
        return event;
    }

    /** API Gateway's own error frame. It has a message and no type, which tells clients that it is an error. */
    String errorFrame(String message) {
        return "{\"message\": \"" + message + "\", \"connectionId\":\"" + context.get("connectionId")
                + "\", \"requestId\":\"" + context.get("requestId") + "\"}";
    }
}
