package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.StoreException;
import dev.chatlab.protocol.Action;
import dev.chatlab.protocol.ErrorResponse;
import dev.chatlab.protocol.FrameHandler;
import dev.chatlab.protocol.InboundFrame;
import dev.chatlab.protocol.Response;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.crac.Core;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates the events of one API Gateway route into commands, and replies into API Gateway responses. Never throws. */
abstract sealed class Route {

    private static final Logger LOG = LoggerFactory.getLogger(Route.class);

    final ChatApplication application;
    private final EventType type;

    /** A strong reference: a CRaC context holds its resources weakly. */
    private final Option<SnapStartPriming> priming;

    private Route(ChatApplication application, EventType type) {
        this.application = application;
        this.type = type;
        this.priming = application.priming(type.reads());
        this.priming.forEach(Core.getGlobalContext()::register);
    }

    /** The route of a protocol action. The response goes to the connection. */
    static <C extends ChatCommand> Route message(Map<String, String> environment, Action<C> action) {
        return new Message<>(ChatApplication.of(environment), action);
    }

    /** The route by which a connection opens or closes. No client receives the response. */
    static Route lifecycle(
            Map<String, String> environment,
            EventType type,
            Function<APIGatewayV2WebSocketEvent, Either<ErrorResponse, ChatCommand>> translation) {
        return new Lifecycle(ChatApplication.of(environment), type, translation);
    }

    APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event) {
        try (Invocation invocation = application.invocation(event.getRequestContext())) {
            // AWS does not document whether a client can select $connect by sending that action, so the event type
            // decides.
            if (!type.name().equals(event.getRequestContext().getEventType())) {
                invocation.failed(ErrorResponse.UNKNOWN_ACTION);
                return response(
                        type == EventType.MESSAGE ? 200 : 400,
                        ErrorResponse.UNKNOWN_ACTION.frame().json());
            }
            return handle(event, invocation);
        }
    }

    abstract APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Invocation invocation);

    static ConnectionId connection(APIGatewayV2WebSocketEvent event) {
        return new ConnectionId(event.getRequestContext().getConnectionId());
    }

    /** When API Gateway received the request. */
    static Instant at(APIGatewayV2WebSocketEvent event) {
        return Instant.ofEpochMilli(event.getRequestContext().getRequestTimeEpoch());
    }

    static APIGatewayV2WebSocketResponse response(int status, String body) {
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(status);
        response.setBody(body);
        return response;
    }

    /** The message of a store's exception describes the store. Any other message may quote what a client sent. */
    static void logFailure(RuntimeException e) {
        LOG.error(e instanceof StoreException ? "the request failed: " + e.getMessage() : "the request failed", e);
    }

    private static final class Message<C extends ChatCommand> extends Route {

        private final Action<C> action;

        Message(ChatApplication application, Action<C> action) {
            super(application, EventType.MESSAGE);
            this.action = action;
        }

        /** API Gateway sends the body to the client whatever the status, so the status is always 200. */
        @Override
        APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Invocation invocation) {
            return InboundFrame.parse(event.getBody())
                    .peekLeft(invocation::failed)
                    .fold(
                            error -> response(200, error.frame().json()),
                            frame -> response(200, answer(event, frame, invocation)));
        }

        private String answer(APIGatewayV2WebSocketEvent event, InboundFrame frame, Invocation invocation) {
            try {
                ChatApplication.Chat chat = application.chat(event);
                var response = new CompletableFuture<Response>();
                new FrameHandler(chat.service())
                        .handle(action, connection(event), frame, at(event), invocation, response::complete);
                response.join().continuation().forEach(rest -> chat.gateway().post(connection(event), rest));
                return response.join().frame().json();
            } catch (RuntimeException e) {
                // The store could not be opened.
                invocation.threw(e);
                invocation.failed(ErrorResponse.INTERNAL);
                return frame.error(ErrorResponse.INTERNAL).frame().json();
            }
        }
    }

    private static final class Lifecycle extends Route {

        private final Function<APIGatewayV2WebSocketEvent, Either<ErrorResponse, ChatCommand>> translation;

        Lifecycle(
                ChatApplication application,
                EventType type,
                Function<APIGatewayV2WebSocketEvent, Either<ErrorResponse, ChatCommand>> translation) {
            super(application, type);
            this.translation = translation;
        }

        /** The status of {@code $connect} decides whether API Gateway accepts the connection. */
        @Override
        APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Invocation invocation) {
            return translation
                    .apply(event)
                    .flatMap(command -> execute(command, event, invocation))
                    .peekLeft(invocation::failed)
                    .fold(
                            error -> response(
                                    error.equals(ErrorResponse.INTERNAL) ? 500 : 400,
                                    error.frame().json()),
                            done -> response(200, "{\"type\":\"ack\"}"));
        }

        private Either<ErrorResponse, ChatCommand> execute(
                ChatCommand command, APIGatewayV2WebSocketEvent event, Invocation invocation) {
            try {
                return ErrorResponse.of(application.chat(event).service().handle(command, invocation.observer()))
                        .<Either<ErrorResponse, ChatCommand>>map(Either::left)
                        .getOrElse(() -> Either.right(command));
            } catch (RuntimeException e) {
                logFailure(e);
                return Either.left(ErrorResponse.INTERNAL);
            }
        }
    }

    /** API Gateway's event types. */
    enum EventType {
        CONNECT,
        MESSAGE,
        DISCONNECT;

        /** Streams without events, one in each table that a function for such events may read. */
        private Set<StreamId> reads() {
            Set<StreamId> connections = HashSet.of(StreamId.of(new ConnectionId("snapstart-priming")));
            return this == CONNECT ? connections : connections.add(StreamId.of(new RoomName("snapstart-priming")));
        }
    }
}
