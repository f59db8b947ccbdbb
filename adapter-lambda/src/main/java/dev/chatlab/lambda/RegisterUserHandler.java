package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.protocol.Action;
import java.util.Map;

/** The function of the route {@code register}: reserves a user name for a connection. */
public final class RegisterUserHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route route;

    /** Lambda calls this constructor. */
    public RegisterUserHandler() {
        this(System.getenv());
    }

    /** Creates the function with an environment of its own. */
    public RegisterUserHandler(Map<String, String> environment) {
        route = Route.message(environment, Action.REGISTER);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }
}
