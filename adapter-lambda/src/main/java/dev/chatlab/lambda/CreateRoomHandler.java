package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.RoomName;
import io.vavr.control.Either;
import java.util.Map;

/** {@code new-room}: somebody opens a room. */
public final class CreateRoomHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route<CreateRoom> route;

    /** As Lambda makes it. */
    public CreateRoomHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public CreateRoomHandler(Map<String, String> environment) {
        route = Route.message(environment, CreateRoomHandler::command, CreateRoomHandler::answer);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }

    private static Either<Refusal, CreateRoom> command(Request request) {
        return request.value("value", RoomName::of)
                .map(room -> new CreateRoom(request.connection(), room, request.at()));
    }

    private static Either<Refusal, Answer> answer(Exchange<CreateRoom> done) {
        return Either.right(Frames.created(
                done.accepted().chat().open(done.command().room()).get()));
    }
}
