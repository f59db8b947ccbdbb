package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.StoreException;
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
 * The logging context and the metrics of one event.
 *
 * <p>Until it is closed, log lines of this thread, and of threads that it starts, contain the event's route, request id, connection
 * and room. Closing it writes the metrics and restores the logging context.
 */
final class Invocation implements AutoCloseable, FrameHandler.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Invocation.class);
    private static final Logger METRICS = LoggerFactory.getLogger(Metrics.LOGGER);

    private final @Nullable Map<String, String> outerContext = MDC.getCopyOfContextMap();
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
                    logRoom(room(accepted));
                }
            }
        });
    }

    @Override
    public void translated(ChatCommand command) {
        logRoom(room(command));
    }

    private static void logRoom(Option<RoomName> room) {
        room.forEach(name -> MDC.put("room", name.value()));
    }

    /** The only room of the events. A command may leave it out if its connection is in one room. */
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

    /** The message of a store's exception describes the store. Any other message may quote what a client sent. */
    @Override
    public void threw(RuntimeException cause) {
        LOG.error(
                cause instanceof StoreException ? "the request failed: " + cause.getMessage() : "the request failed",
                cause);
    }

    @Override
    public void close() {
        Map<String, String> context = MDC.getCopyOfContextMap();
        metrics.documents(Instant.now(), context == null ? Map.of() : context).forEach(METRICS::info);
        if (outerContext == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(outerContext);
        }
    }
}
