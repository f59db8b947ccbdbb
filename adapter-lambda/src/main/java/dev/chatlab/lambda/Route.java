package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.protocol.Action;
import dev.chatlab.protocol.ErrorResponse;
import dev.chatlab.protocol.Frame;
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

/** Translates the events of one API Gateway route into commands, and replies into API Gateway responses. Never throws. */
abstract sealed class Route {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int INTERNAL_ERROR = 500;

    final ChatApplication application;
    private final EventType type;

    /** A strong reference: a CRaC context holds its resources weakly. */
    private final Option<SnapStartPriming> priming;

    private Route(ChatApplication application, EventType type) {
        this.application = application;
        this.type = type;
        this.priming = application.priming(type.streams());
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
            return type.name().equals(event.getRequestContext().getEventType())
                    ? handle(event, invocation)
                    : failed(ErrorResponse.UNKNOWN_ACTION, invocation);
        }
    }

    abstract APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Invocation invocation);

    /** The HTTP status of a response with this error. */
    abstract int status(ErrorResponse error);

    /** The response with an error frame that repeats nothing of the request. */
    APIGatewayV2WebSocketResponse failed(ErrorResponse error, Invocation invocation) {
        invocation.failed(error);
        return response(status(error), error.frame());
    }

    private static APIGatewayV2WebSocketResponse response(int status, Frame frame) {
        var response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(status);
        response.setBody(frame.json());
        return response;
    }

    static ConnectionId connection(APIGatewayV2WebSocketEvent event) {
        return new ConnectionId(event.getRequestContext().getConnectionId());
    }

    /** When API Gateway received the request. */
    static Instant at(APIGatewayV2WebSocketEvent event) {
        return Instant.ofEpochMilli(event.getRequestContext().getRequestTimeEpoch());
    }

    private static final class Message<C extends ChatCommand> extends Route {

        private final Action<C> action;

        Message(ChatApplication application, Action<C> action) {
            super(application, EventType.MESSAGE);
            this.action = action;
        }

        @Override
        APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Invocation invocation) {
            return InboundFrame.parse(event.getBody())
                    .fold(error -> failed(error, invocation), frame -> response(OK, execute(event, frame, invocation)));
        }

        /** Returns the response frame. Further frames of the response are posted before. */
        private Frame execute(APIGatewayV2WebSocketEvent event, InboundFrame frame, Invocation invocation) {
            try {
                ChatApplication.Chat chat = application.chat(event);
                var responded = new CompletableFuture<Response>();
                new FrameHandler(chat.service())
                        .handle(action, connection(event), frame, at(event), invocation, responded::complete);
                Response response = responded.resultNow();
                response.continuation().forEach(next -> chat.gateway().post(connection(event), next));
                return response.frame();
            } catch (RuntimeException e) {
                // The store could not be opened.
                invocation.threw(e);
                invocation.failed(ErrorResponse.INTERNAL);
                return frame.error(ErrorResponse.INTERNAL).frame();
            }
        }

        /** API Gateway sends the body to the client whatever the status. */
        @Override
        int status(ErrorResponse error) {
            return OK;
        }
    }

    private static final class Lifecycle extends Route {

        private static final Frame ACK = new Frame(Map.of("type", "ack"));

        private final Function<APIGatewayV2WebSocketEvent, Either<ErrorResponse, ChatCommand>> translation;

        Lifecycle(
                ChatApplication application,
                EventType type,
                Function<APIGatewayV2WebSocketEvent, Either<ErrorResponse, ChatCommand>> translation) {
            super(application, type);
            this.translation = translation;
        }

        @Override
        APIGatewayV2WebSocketResponse handle(APIGatewayV2WebSocketEvent event, Invocation invocation) {
            return execute(event, invocation)
                    .map(error -> failed(error, invocation))
                    .getOrElse(() -> response(OK, ACK));
        }

        private Option<ErrorResponse> execute(APIGatewayV2WebSocketEvent event, Invocation invocation) {
            try {
                return translation
                        .apply(event)
                        .fold(
                                Option::some,
                                command -> ErrorResponse.of(
                                        application.chat(event).service().handle(command, invocation.observer())));
            } catch (RuntimeException e) {
                invocation.threw(e);
                return Option.some(ErrorResponse.INTERNAL);
            }
        }

        /** API Gateway accepts a connection if the status of {@code $connect} is 200, and otherwise passes the status on. */
        @Override
        int status(ErrorResponse error) {
            if (error.equals(ErrorResponse.INTERNAL)) {
                return INTERNAL_ERROR;
            }
            return error.equals(ConnectHandler.FOREIGN_ORIGIN) ? FORBIDDEN : BAD_REQUEST;
        }
    }

    /** API Gateway's event types. */
    enum EventType {
        CONNECT,
        MESSAGE,
        DISCONNECT;

        /** Streams without events, one in each table that a function for such events may read. */
        private Set<StreamId> streams() {
            Set<StreamId> connections = HashSet.of(StreamId.of(new ConnectionId("snapstart-priming")));
            return this == CONNECT ? connections : connections.add(StreamId.of(new RoomName("snapstart-priming")));
        }
    }
}
