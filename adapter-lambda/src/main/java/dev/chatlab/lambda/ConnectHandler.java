package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.Connect;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles {@code $connect}: checks the page's origin, then opens the session of the connection. */
public final class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final int FORBIDDEN = 403;
    private static final int INTERNAL_ERROR = 500;

    /** How many characters of an origin are logged: a client that is not a browser can send a header of any length. */
    private static final int LOGGED = 100;

    private final ChatApplication application;
    private final Configuration configuration;
    private final Route<Connect> route;

    /** Made by Lambda, with the environment of the process. */
    public ConnectHandler() {
        this(System.getenv());
    }

    /**
     * Made with this environment.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public ConnectHandler(Map<String, String> environment) {
        application = ChatApplication.of(environment);
        configuration = new Configuration(environment);
        configuration.allowedOrigins();
        route = Route.lifecycle(
                environment,
                Route.EventType.CONNECT,
                request -> new Connect(request.connection(), request.identity(), request.at()));
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        AllowedOrigins allowed;
        try {
            allowed = configuration.with(event).allowedOrigins();
        } catch (IllegalArgumentException e) {
            return refused(
                    event, INTERNAL_ERROR, Refusal.INTERNAL, () -> LOG.error("the request failed: {}", e.getMessage()));
        }
        return allowed.foreign(event)
                .fold(
                        () -> route.handle(event),
                        // A browser does not tell its page why a connection failed, so the log has to say it.
                        origin -> refused(
                                event,
                                FORBIDDEN,
                                Refusal.FOREIGN_ORIGIN,
                                () -> LOG.info(
                                        "no page of {} may connect",
                                        origin.substring(0, Math.min(LOGGED, origin.length())))));
    }

    private APIGatewayV2WebSocketResponse refused(
            APIGatewayV2WebSocketEvent event, int status, Refusal refusal, Runnable log) {
        try (Invocation invocation = application.invocation(event.getRequestContext())) {
            log.run();
            invocation.rejected(refusal);
        }
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(status);
        return response;
    }
}
