package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.Connect;
import java.util.Map;

/** {@code $connect}: a connection wants to open. */
public final class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private static final int FORBIDDEN = 403;

    private final AllowedOrigins allowedOrigins;
    private final Route<Connect> route;

    /** As Lambda makes it. */
    public ConnectHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public ConnectHandler(Map<String, String> environment) {
        allowedOrigins = new Configuration(environment).allowedOrigins();
        route = Route.lifecycle(
                environment,
                Route.EventType.CONNECT,
                request -> new Connect(request.connection(), request.identity(), request.at()));
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return allowedOrigins.admit(event) ? route.handle(event) : forbidden();
    }

    private static APIGatewayV2WebSocketResponse forbidden() {
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(FORBIDDEN);
        return response;
    }
}
