package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.RoomName;
import io.vavr.control.Either;
import java.util.Map;

/** {@code leave-room}: somebody leaves a room. */
public final class LeaveRoomHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route<LeaveRoom> route;

    /** As Lambda makes it. */
    public LeaveRoomHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public LeaveRoomHandler(Map<String, String> environment) {
        route = Route.message(environment, LeaveRoomHandler::command, LeaveRoomHandler::answer);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }

    private static Either<Refusal, LeaveRoom> command(Request request) {
        return request.option("room", RoomName::of)
                .map(room -> new LeaveRoom(request.connection(), room, request.at()));
    }

    private static Either<Refusal, Answer> answer(Exchange<LeaveRoom> done) {
        RoomLeft left = (RoomLeft) done.accepted().events().head();
        return Either.right(
                Answer.of(Frames.ack("leave-room").with("room", left.room().value())));
    }
}
