package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.Disconnect;
import java.util.Map;

/** {@code $disconnect}: a connection is gone. */
public final class DisconnectHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route<Disconnect> route;

    /** As Lambda makes it. */
    public DisconnectHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public DisconnectHandler(Map<String, String> environment) {
        route = Route.lifecycle(
                environment, Route.EventType.DISCONNECT, request -> new Disconnect(request.connection(), request.at()));
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }
}
