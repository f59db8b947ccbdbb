package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestIdentity;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.Identity;
import dev.chatlab.protocol.ErrorResponse;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles {@code $connect}: checks the page's origin, then opens the session of the connection. */
public final class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final int FORBIDDEN = 403;
    private static final int INTERNAL_ERROR = 500;

    /** Counted as a metric. It is never a frame, because there is no connection yet. */
    private static final ErrorResponse FOREIGN_ORIGIN =
            new ErrorResponse("foreign-origin", "Pages of this origin may not connect.");

    /** How many characters of an origin are logged: a client that is not a browser can send a header of any length. */
    private static final int LOGGED = 100;

    private final ChatApplication application;
    private final Configuration configuration;
    private final Route route;

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
                event -> identity(event.getRequestContext().getIdentity())
                        .map(identity -> new Connect(Route.connection(event), identity, Route.at(event))));
    }

    /**
     * The identity that API Gateway verified. All guests of an identity pool share one role, so a guest is identified by the id
     * from the pool; any other caller by an ARN. A route without authorization has neither.
     */
    private static Either<ErrorResponse, Option<Identity>> identity(@Nullable RequestIdentity caller) {
        return Option.of(caller)
                .flatMap(who -> Option.of(who.getCognitoIdentityId()).orElse(() -> Option.of(who.getUserArn())))
                .fold(() -> Either.right(Option.none()), id -> Identity.of(id).bimap(ErrorResponse::of, Option::some));
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        AllowedOrigins allowed;
        try {
            allowed = configuration.with(event).allowedOrigins();
        } catch (IllegalArgumentException e) {
            return refused(
                    event,
                    INTERNAL_ERROR,
                    ErrorResponse.INTERNAL,
                    () -> LOG.error("the request failed: {}", e.getMessage()));
        }
        return allowed.foreign(event)
                .fold(
                        () -> route.handle(event),
                        // A browser does not tell its page why a connection failed, so the log has to say it.
                        origin -> refused(
                                event,
                                FORBIDDEN,
                                FOREIGN_ORIGIN,
                                () -> LOG.info(
                                        "no page of {} may connect",
                                        origin.substring(0, Math.min(LOGGED, origin.length())))));
    }

    private APIGatewayV2WebSocketResponse refused(
            APIGatewayV2WebSocketEvent event, int status, ErrorResponse error, Runnable log) {
        try (Invocation invocation = application.invocation(event.getRequestContext())) {
            log.run();
            invocation.failed(error);
        }
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(status);
        return response;
    }
}
