package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.protocol.ErrorResponse;
import dev.chatlab.protocol.FrameHandler;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * An event's way through a function as operators see it: until it is closed, what its thread logs, and the threads that this
 * one starts, says whose it is; then its metrics are written.
 */
final class Invocation implements AutoCloseable, FrameHandler.Listener {

    private static final Logger METRICS = LoggerFactory.getLogger(Metrics.LOGGER);

    private final @Nullable Map<String, String> outside = MDC.getCopyOfContextMap();
    private final Metrics metrics;

    Invocation(RequestContext context, String metricsNamespace) {
        metrics = new Metrics(metricsNamespace);
        MDC.put("route", context.getRouteKey());
        MDC.put("requestId", context.getRequestId());
        MDC.put("connection", context.getConnectionId());
    }

    @Override
    public ChatObserver observer() {
        return metrics.and(new ChatObserver() {
            @Override
            public void replied(ChatCommand command, Reply reply, Duration took) {
                if (reply instanceof Reply.Accepted accepted) {
                    room(accepted).forEach(Invocation::isAbout);
                }
            }
        });
    }

    @Override
    public void translated(ChatCommand command) {
        room(command).forEach(Invocation::isAbout);
    }

    private static void isAbout(RoomName room) {
        MDC.put("room", room.value());
    }

    /** The only room that something happened in: a command need not name the one that its connection is in. */
    private static Option<RoomName> room(Reply.Accepted accepted) {
        Set<StreamId> rooms = Append.streams(accepted.events()).filter(stream -> stream instanceof StreamId.OfRoom);
        return Option.when(rooms.size() == 1, rooms::head)
                .map(StreamId.OfRoom.class::cast)
                .map(StreamId.OfRoom::room);
    }

    private static Option<RoomName> room(ChatCommand command) {
        return switch (command) {
            case ChatCommand.CreateRoom c -> Option.some(c.room());
            case ChatCommand.JoinRoom c -> Option.some(c.room());
            case ChatCommand.SendMessage c -> c.room();
            case ChatCommand.LeaveRoom c -> c.room();
            case ChatCommand.Connect c -> Option.none();
            case ChatCommand.RegisterUser c -> Option.none();
            case ChatCommand.Disconnect c -> Option.none();
        };
    }

    @Override
    public void failed(ErrorResponse error) {
        metrics.rejected(error.code());
    }

    @Override
    public void threw(RuntimeException cause) {
        Route.logFailure(cause);
    }

    @Override
    public void close() {
        Map<String, String> context = MDC.getCopyOfContextMap();
        metrics.documents(Instant.now(), context == null ? Map.of() : context).forEach(METRICS::info);
        if (outside == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(outside);
        }
    }
}
