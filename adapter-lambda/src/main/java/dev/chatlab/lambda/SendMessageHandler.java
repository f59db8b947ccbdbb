package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.protocol.Action;
import java.util.Map;

/** The function of the route {@code dispatch}: sends a message to a room. */
public final class SendMessageHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route route;

    /** Lambda calls this constructor. */
    public SendMessageHandler() {
        this(System.getenv());
    }

    /** Creates the function with an environment of its own. */
    public SendMessageHandler(Map<String, String> environment) {
        route = Route.message(environment, Action.SEND_MESSAGE);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }
}
