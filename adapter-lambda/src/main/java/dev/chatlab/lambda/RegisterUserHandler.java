package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.ResumeKeys;
import io.vavr.control.Either;
import java.util.Map;

/** {@code register}: a connection wants a user name. */
public final class RegisterUserHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route<RegisterUser> route;

    /** As Lambda makes it. */
    public RegisterUserHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public RegisterUserHandler(Map<String, String> environment) {
        route = Route.message(environment, RegisterUserHandler::command, RegisterUserHandler::answer);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }

    private static Either<Refusal, RegisterUser> command(Request request) {
        return request.value("value", UserName::of)
                .flatMap(user -> request.option("key", ResumeKey::of)
                        .map(key -> new RegisterUser(
                                request.connection(), user, key.getOrElse(ResumeKeys::random), request.at())));
    }

    private static Either<Refusal, Answer> answer(Exchange<RegisterUser> done) {
        return Either.right(Frames.signup(
                done.command().user(), done.command().key(), done.service().openRooms()));
    }
}
