package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.Chat.Receipt;
import dev.chatlab.domain.ChatCommand.SendMessage;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.RoomName;
import io.vavr.control.Either;
import java.util.Map;

/** {@code dispatch}: somebody says something to a room. */
public final class SendMessageHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private final Route<SendMessage> route;

    /** As Lambda makes it. */
    public SendMessageHandler() {
        this(System.getenv());
    }

    /** With an environment of its own. */
    public SendMessageHandler(Map<String, String> environment) {
        route = Route.message(environment, SendMessageHandler::command, SendMessageHandler::answer);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        return route.handle(event);
    }

    private static Either<Refusal, SendMessage> command(Request request) {
        return request.value("value", MessageText::of)
                .flatMap(text -> request.option("room", RoomName::of)
                        .flatMap(room -> request.option("id", ClientMessageId::of)
                                .map(id -> new SendMessage(request.connection(), room, text, id, request.at()))));
    }

    private static Either<Refusal, Answer> answer(Exchange<SendMessage> done) {
        Receipt receipt = done.accepted().receipt(done.command());
        Frame ack = Frames.ack("dispatch").with("room", receipt.room().value()).with("seq", receipt.seq());
        return Either.right(Answer.of(done.command().id().fold(() -> ack, id -> ack.with("id", id.value()))));
    }
}
