package dev.chatlab.lambda;

import dev.chatlab.ports.Gateway;
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

/** {@code $connect}: a connection wants to open. */
public final class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final int FORBIDDEN = 403;

    /** Counted as a metric. It is never a frame, because there is no connection yet. */
    private static final ErrorResponse FOREIGN_ORIGIN =
            new ErrorResponse("foreign-origin", "Pages of this origin may not connect.");

    /** Whoever is no browser can write anything into the header. */
    private static final int LOGGED = 100;

    private final ChatApplication application;
    private final AllowedOrigins allowedOrigins;
    private final Route route;

    /** As Lambda makes it. */
    public ConnectHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public ConnectHandler(Map<String, String> environment) {
        application = ChatApplication.of(environment);
        allowedOrigins = new Configuration(environment).allowedOrigins();
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
        return allowedOrigins.foreign(event).fold(() -> route.handle(event), origin -> refused(event, origin));
    }

    /** A page that should be let in, and is not, says no more than that it failed: here is why. */
    private APIGatewayV2WebSocketResponse refused(APIGatewayV2WebSocketEvent event, String origin) {
        try (Invocation invocation = application.invocation(event.getRequestContext())) {
            LOG.info("no page of {} may connect", origin.substring(0, Math.min(LOGGED, origin.length())));
            invocation.failed(FOREIGN_ORIGIN);
        }
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(FORBIDDEN);
        return response;
    }
}
