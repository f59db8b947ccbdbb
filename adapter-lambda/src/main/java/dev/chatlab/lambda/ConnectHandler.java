package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestIdentity;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.Identity;
import dev.chatlab.protocol.ErrorResponse;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The function of the route {@code $connect}: checks the page's origin, then opens the session of the connection. */
public final class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);

    /** Counted as a metric. No client receives it, because a frame needs an open connection. */
    static final ErrorResponse FOREIGN_ORIGIN =
            new ErrorResponse("foreign-origin", "Pages of this origin may not connect.");

    /** How many characters of an origin are logged: a client that is not a browser can send a header of any length. */
    private static final int LOGGED = 100;

    private final Configuration configuration;
    private final Route route;

    /** Lambda calls this constructor. */
    public ConnectHandler() {
        this(System.getenv());
    }

    /**
     * Creates the function with an environment of its own.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public ConnectHandler(Map<String, String> environment) {
        configuration = new Configuration(environment);
        // Throws if the environment's value is wrong. A stage variable's value is known only with an event.
        configuration.allowedOrigins();
        route = Route.lifecycle(environment, Route.EventType.CONNECT, this::command);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }

    private Either<ErrorResponse, ChatCommand> command(APIGatewayV2WebSocketEvent event) {
        return originError(event)
                .<Either<ErrorResponse, Option<Identity>>>map(Either::left)
                .getOrElse(() -> identity(event.getRequestContext().getIdentity()))
                .map(identity -> new Connect(Route.connection(event), identity, Route.at(event)));
    }

    private Option<ErrorResponse> originError(APIGatewayV2WebSocketEvent event) {
        AllowedOrigins allowed;
        try {
            allowed = configuration.with(event).allowedOrigins();
        } catch (IllegalArgumentException e) {
            LOG.error("the request failed: {}", e.getMessage());
            return Option.some(ErrorResponse.INTERNAL);
        }
        return allowed.foreign(event)
                // A browser does not show its page why a connection failed, so the log has to say it.
                .peek(origin -> LOG.info(
                        "ALLOWED_ORIGINS does not contain {}", origin.substring(0, Math.min(LOGGED, origin.length()))))
                .map(origin -> FOREIGN_ORIGIN);
    }

    /**
     * The identity that API Gateway verified. All guests of an identity pool share one role, so a guest is identified by the id
     * from the pool; any other client by an ARN. A route without authorization has neither.
     */
    private static Either<ErrorResponse, Option<Identity>> identity(@Nullable RequestIdentity verified) {
        return Option.of(verified)
                .flatMap(some -> Option.of(some.getCognitoIdentityId()).orElse(() -> Option.of(some.getUserArn())))
                .fold(() -> Either.right(Option.none()), id -> Identity.of(id).bimap(ErrorResponse::of, Option::some));
    }
}
