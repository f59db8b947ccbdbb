package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.inmemory.InMemoryProvider;
import dev.chatlab.ports.ChatStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The seven functions of one environment, with a store in memory and an {@code @connections} API of their own. */
final class Functions implements AutoCloseable {

    static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    final FakeConnectionsApi api = new FakeConnectionsApi();
    final Map<String, String> environment;
    private final Map<String, RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse>> handlers;
    private final AtomicInteger requests = new AtomicInteger();

    Functions() {
        this(Map.of());
    }

    Functions(Map<String, String> settings) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "id",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "CHAT_STORE", "memory",
                "CHAT_MEMORY", UUID.randomUUID().toString(),
                "CHAT_MANAGEMENT_ENDPOINT", api.endpoint().toString()));
        variables.putAll(settings);
        environment = Map.copyOf(variables);
        handlers = Map.of(
                "$connect", new ConnectHandler(environment),
                "$disconnect", new DisconnectHandler(environment),
                "register", new RegisterUserHandler(environment),
                "new-room", new CreateRoomHandler(environment),
                "join-room", new JoinRoomHandler(environment),
                "dispatch", new SendMessageHandler(environment),
                "leave-room", new LeaveRoomHandler(environment));
    }

    /** The store that the functions share. */
    ChatStore store() {
        return new InMemoryProvider().open(environment);
    }

    /** Opens a connection. */
    void connect(String connection) {
        handle("$connect", event(connection, "CONNECT", "$connect"));
    }

    /** Closes a connection. */
    void disconnect(String connection) {
        handle("$disconnect", event(connection, "DISCONNECT", "$disconnect"));
    }

    /** Opens a connection and registers a user name with the key {@link #key}. */
    void connectAndRegister(String connection, String name) {
        connect(connection);
        send(connection, "register", "{'action':'register','value':'%s','key':'%s'}".formatted(name, key(name)));
    }

    /** The resume key of a user. */
    static String key(String name) {
        return "the-key-of-" + name + "-0123456789";
    }

    /** Sends a frame, in which {@code '} stands for {@code "}, and returns the response frame. */
    String send(String connection, String route, String frame) {
        return sendRaw(connection, route, frame.replace('\'', '"'));
    }

    /** Sends a body as it is and returns the response frame. */
    String sendRaw(String connection, String route, String body) {
        var event = event(connection, "MESSAGE", route);
        event.setBody(body);
        return Objects.requireNonNull(handle(route, event).getBody());
    }

    APIGatewayV2WebSocketResponse handle(String route, APIGatewayV2WebSocketEvent event) {
        return Objects.requireNonNull(handlers.get(route)).handleRequest(event, null);
    }

    APIGatewayV2WebSocketEvent event(String connection, String eventType, String route) {
        var context = new APIGatewayV2WebSocketEvent.RequestContext();
        context.setConnectionId(connection);
        context.setEventType(eventType);
        context.setRouteKey(route);
        context.setRequestTimeEpoch(NOON.toEpochMilli());
        context.setRequestId("request-" + requests.incrementAndGet());
        context.setApiId("api");
        context.setStage("dev");
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        return event;
    }

    @Override
    public void close() {
        api.close();
    }
}
