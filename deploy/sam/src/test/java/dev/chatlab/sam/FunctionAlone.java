package dev.chatlab.sam;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * Runs a handler in the class loader that loads this class: sends it one event whose command reads the tables.
 *
 * <p>Parameters and result are of the JDK's types, which all class loaders share.
 */
public final class FunctionAlone implements BiFunction<String, Map<String, String>, String> {

    private static final Map<String, String> FRAMES = Map.of(
            "RegisterUserHandler", """
                    {"action":"register","value":"Ann"}""",
            "CreateRoomHandler", """
                    {"action":"new-room","value":"hall"}""",
            "JoinRoomHandler", """
                    {"action":"join-room","value":"hall"}""",
            "SendMessageHandler", """
                    {"action":"dispatch","value":"hello","room":"hall"}""",
            "LeaveRoomHandler", """
                    {"action":"leave-room","room":"hall"}""");

    /** Takes a handler's class and its environment, and returns the body of its response. */
    @Override
    public String apply(String handler, Map<String, String> environment) {
        try {
            Class<?> type = Class.forName(handler);
            @SuppressWarnings("unchecked") // the handler's type parameters are erased
            var function = (RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse>)
                    type.getConstructor(Map.class).newInstance(environment);
            return Objects.requireNonNull(
                    function.handleRequest(event(type.getSimpleName()), null).getBody());
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(handler + " does not start", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(handler + " is not a handler", e);
        }
    }

    private static APIGatewayV2WebSocketEvent event(String function) {
        var context = new RequestContext();
        context.setApiId("api");
        context.setStage("dev");
        context.setConnectionId("ann");
        context.setRequestTimeEpoch(1_780_000_000_000L);
        context.setEventType(
                switch (function) {
                    case "ConnectHandler" -> "CONNECT";
                    case "DisconnectHandler" -> "DISCONNECT";
                    default -> "MESSAGE";
                });
        var event = new APIGatewayV2WebSocketEvent();
        event.setRequestContext(context);
        event.setBody(FRAMES.getOrDefault(function, ""));
        return event;
    }
}
