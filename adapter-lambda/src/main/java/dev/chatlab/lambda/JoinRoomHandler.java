package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import io.vavr.control.Either;
import java.util.Map;

/** {@code join-room}: somebody enters a room, or asks what was missed there. */
public final class JoinRoomHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route<JoinRoom> route;

    /** As Lambda makes it. */
    public JoinRoomHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public JoinRoomHandler(Map<String, String> environment) {
        route = Route.message(environment, JoinRoomHandler::command, JoinRoomHandler::answer);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }

    /** No more messages than this are looked up for one frame. */
    private static final int PAGE = 100;

    private static Either<Refusal, JoinRoom> command(Request request) {
        return request.seq("since")
                .flatMap(since -> request.value("value", RoomName::of))
                .map(room -> new JoinRoom(request.connection(), room, request.at()));
    }

    private static Either<Refusal, Answer> answer(Exchange<JoinRoom> done) {
        Room.Open room = done.accepted().chat().open(done.command().room()).get();
        return done.request()
                .seq("since")
                .map(since -> Frames.joined(room, done.service().history(room, since, PAGE)));
    }
}
