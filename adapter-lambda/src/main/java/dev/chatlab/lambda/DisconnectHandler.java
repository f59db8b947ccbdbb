package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.Disconnect;
import io.vavr.control.Either;
import java.util.Map;

/** The function of the route {@code $disconnect}: ends the session of a closed connection. */
public final class DisconnectHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route route;

    /** Lambda calls this constructor. */
    public DisconnectHandler() {
        this(System.getenv());
    }

    /** Creates the function with an environment of its own. */
    public DisconnectHandler(Map<String, String> environment) {
        route = Route.lifecycle(
                environment,
                Route.EventType.DISCONNECT,
                event -> Either.right(new Disconnect(Route.connection(event), Route.at(event))));
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }
}
