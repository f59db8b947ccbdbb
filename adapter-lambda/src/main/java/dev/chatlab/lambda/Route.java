package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Reply;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Map;
import java.util.function.Function;
import org.crac.Core;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way from an API Gateway event to a command and from its reply to an answer.
 *
 * @param <C> the command
 */
final class Route<C extends ChatCommand> {

    private static final Logger LOG = LoggerFactory.getLogger(Route.class);

    private final ChatApplication application;
    private final EventType type;
    private final Function<Request, Either<Refusal, C>> translation;
    private final Function<Exchange<C>, Either<Refusal, Answer>> answering;

    /** Held here, since contexts forget what nobody holds. */
    private final Option<Priming> priming;

    private Route(
            ChatApplication application,
            EventType type,
            Function<Request, Either<Refusal, C>> translation,
            Function<Exchange<C>, Either<Refusal, Answer>> answering) {
        this.application = application;
        this.type = type;
        this.translation = translation;
        this.answering = answering;
        this.priming = application.priming(type.reads());
        this.priming.forEach(Core.getGlobalContext()::register);
    }

    /** A route whose answer goes to whoever asked. */
    static <C extends ChatCommand> Route<C> message(
            Map<String, String> environment,
            Function<Request, Either<Refusal, C>> translation,
            Function<Exchange<C>, Either<Refusal, Answer>> answering) {
        return new Route<>(ChatApplication.of(environment), EventType.MESSAGE, translation, answering);
    }

    /** A route that a connection takes when it opens or closes: nobody is answered. */
    static <C extends ChatCommand> Route<C> lifecycle(
            Map<String, String> environment, EventType type, Function<Request, C> translation) {
        return new Route<>(
                ChatApplication.of(environment),
                type,
                request -> Either.right(translation.apply(request)),
                exchange -> Either.right(Answer.of(Frame.of("ack"))));
    }

    /** Never throws: what goes wrong is logged and answered. */
    APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event) {
        try (Invocation invocation = application.invocation(event.getRequestContext())) {
            return handle(event, invocation);
        }
    }

    private APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Invocation invocation) {
        // Whether a client can select $connect by sending that action is not documented: the event type tells.
        Either<Refusal, Request> request =
                type.name().equals(event.getRequestContext().getEventType())
                        ? Request.of(event)
                        : Either.left(Refusal.UNKNOWN_ACTION);
        return request.peekLeft(invocation::rejected)
                .fold(
                        refusal -> response(400, refusal.frame()),
                        asked -> answer(asked, event, invocation)
                                .peekLeft(invocation::rejected)
                                .fold(
                                        refusal -> response(
                                                refusal.equals(Refusal.INTERNAL) ? 500 : 400, asked.refused(refusal)),
                                        frame -> response(200, frame)));
    }

    private Either<Refusal, Frame> answer(Request request, APIGatewayV2WebSocketEvent event, Invocation invocation) {
        try {
            ChatApplication.Chat chat = application.chat(event);
            return translation
                    .apply(request)
                    .peek(invocation::asks)
                    .flatMap(command -> switch (chat.service().handle(command, invocation.observer())) {
                        case Reply.Accepted accepted ->
                            answering.apply(new Exchange<>(request, command, accepted, chat.service()));
                        case Reply.Rejected rejected -> Either.left(Refusal.of(rejected.rejection()));
                        case Reply.Busy busy -> Either.left(Refusal.BUSY);
                    })
                    .map(answer -> {
                        answer.rest().forEach(frame -> chat.connections().post(request.connection(), frame));
                        return answer.frame();
                    });
        } catch (RuntimeException e) {
            // A store speaks of the world, and to whoever runs it; anything else may quote what somebody said.
            LOG.error(e instanceof StoreException ? "the request failed: " + e.getMessage() : "the request failed", e);
            return Either.left(Refusal.INTERNAL);
        }
    }

    /** A message's answer is a frame whatever its status; the status decides whether a connection may open. */
    private APIGatewayV2WebSocketResponse response(int status, Frame frame) {
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(type == EventType.MESSAGE ? 200 : status);
        response.setBody(frame.json());
        return response;
    }

    /** API Gateway's event types. */
    enum EventType {
        CONNECT,
        MESSAGE,
        DISCONNECT;

        /** Streams in which there is nothing, one in each table that a function for such events may read. */
        private Set<StreamId> reads() {
            Set<StreamId> connections = HashSet.of(StreamId.of(new ConnectionId("nobody")));
            return this == CONNECT ? connections : connections.add(StreamId.of(new RoomName("nowhere")));
        }
    }
}
