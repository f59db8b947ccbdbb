package dev.chatlab.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestIdentity;
import dev.chatlab.local.template.WebSocketApi;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request that a connection makes of a route, and the two ways of telling it: the event that a function gets, and
 * the {@code $context} that a mapping template sees. The fields are those of API Gateway's developer guide ("WebSocket
 * API mapping template reference") and of the events that it is known to send.
 */
record RouteRequest(
        WebSocketApi api,
        String domainName,
        Connection connection,
        String routeKey,
        EventType eventType,
        String requestId,
        Optional<String> messageId,
        Instant time) {

    enum EventType {
        CONNECT,
        MESSAGE,
        DISCONNECT
    }

    private static final DateTimeFormatter REQUEST_TIME = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    static RouteRequest of(
            WebSocketApi api, String domainName, Connection connection, String routeKey, EventType eventType) {
        return new RouteRequest(
                api,
                domainName,
                connection,
                routeKey,
                eventType,
                Ids.random(),
                eventType == EventType.MESSAGE ? Optional.of(Ids.random()) : Optional.empty(),
                Instant.now());
    }

    APIGatewayV2WebSocketEvent event() {
        var context = new RequestContext();
        context.setRouteKey(routeKey);
        context.setEventType(eventType.name());
        context.setRequestId(requestId);
        context.setExtendedRequestId(requestId);
        context.setRequestTime(REQUEST_TIME.format(time));
        context.setRequestTimeEpoch(time.toEpochMilli());
        context.setConnectedAt(connection.connectedAt().toEpochMilli());
        context.setConnectionId(connection.id());
        messageId.ifPresent(context::setMessageId);
        context.setMessageDirection("IN");
        context.setDomainName(domainName);
        context.setStage(api.stage());
        context.setApiId(api.apiId());
        context.setIdentity(identity());
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setIsBase64Encoded(false);
        if (!api.stageVariables().isEmpty()) {
            event.setStageVariables(new LinkedHashMap<>(api.stageVariables()));
        }
        return event;
    }

    /** Who has signed the handshake is said with every request of the connection, as an authorizer's findings are. */
    private RequestIdentity identity() {
        var identity = new RequestIdentity();
        identity.setSourceIp(connection.caller().sourceIp());
        identity.setUserAgent(connection.caller().userAgent());
        connection.caller().principal().ifPresent(principal -> {
            identity.setAccountId(principal.account());
            identity.setAccessKey(principal.credentials().accessKeyId());
            identity.setCaller(principal.id());
            identity.setUser(principal.id());
            identity.setUserArn(principal.arn());
            principal.guest().ifPresent(guest -> {
                identity.setCognitoIdentityPoolId(guest.identityPoolId());
                identity.setCognitoIdentityId(guest.identityId());
                identity.setCognitoAuthenticationType("unauthenticated");
            });
        });
        return identity;
    }

    Map<String, String> context() {
        Map<String, String> context = new LinkedHashMap<>();
        context.put("apiId", api.apiId());
        context.put("connectedAt", Long.toString(connection.connectedAt().toEpochMilli()));
        context.put("connectionId", connection.id());
        context.put("domainName", domainName);
        context.put("eventType", eventType.name());
        context.put("extendedRequestId", requestId);
        context.put("identity.sourceIp", connection.caller().sourceIp());
        context.put("identity.userAgent", connection.caller().userAgent());
        connection.caller().principal().ifPresent(principal -> {
            context.put("identity.accountId", principal.account());
            context.put("identity.caller", principal.id());
            context.put("identity.user", principal.id());
            context.put("identity.userArn", principal.arn());
        });
        context.put("messageDirection", "IN");
        messageId.ifPresent(id -> context.put("messageId", id));
        context.put("requestId", requestId);
        context.put("requestTime", REQUEST_TIME.format(time));
        context.put("requestTimeEpoch", Long.toString(time.toEpochMilli()));
        context.put("routeKey", routeKey);
        context.put("stage", api.stage());
        return context;
    }

    /** A frame of API Gateway's own: it has a message and no type, by which a client knows it for a failure. */
    String failure(String message) {
        return "{\"message\": \"" + message + "\", \"connectionId\":\"" + connection.id() + "\", \"requestId\":\""
                + requestId + "\"}";
    }
}
