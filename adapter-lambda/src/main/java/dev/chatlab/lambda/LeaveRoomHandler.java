package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.protocol.Action;
import java.util.Map;

/** The function of the route {@code leave-room}: leaves a room. */
public final class LeaveRoomHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route route;

    /** Lambda calls this constructor. */
    public LeaveRoomHandler() {
        this(System.getenv());
    }

    /** Creates the function with an environment of its own. */
    public LeaveRoomHandler(Map<String, String> environment) {
        route = Route.message(environment, Action.LEAVE_ROOM);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }
}
