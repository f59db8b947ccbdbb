package dev.chatlab.protocol;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ConnectionId;
import io.vavr.control.Either;
import java.time.Instant;
import java.util.function.Consumer;

/** Executes the frames of clients: translates a frame into a command, has the service execute it, and answers. */
public final class FrameHandler {

    private final ChatService service;

    /** @param service executes the commands */
    public FrameHandler(ChatService service) {
        this.service = service;
    }

    /**
     * Executes one frame of a known action. Blocks as {@link ChatService#handle(ChatCommand)} does. Never throws.
     *
     * @param at when the host received the frame
     * @param listener receives what happens meanwhile
     * @param responder receives the response once, in the order of delivery that {@link ChatService} describes. It must be quick
     *     and must not throw
     */
    public <C extends ChatCommand> void handle(
            Action<C> action,
            ConnectionId connection,
            InboundFrame frame,
            Instant at,
            Listener listener,
            Consumer<Response> responder) {
        Consumer<ErrorResponse> failed = error -> {
            listener.failed(error);
            responder.accept(frame.error(error));
        };
        action.command(connection, frame, at)
                .peekLeft(failed)
                .forEach(command -> handle(action, frame, command, listener, responder, failed));
    }

    private <C extends ChatCommand> void handle(
            Action<C> action,
            InboundFrame frame,
            C command,
            Listener listener,
            Consumer<Response> responder,
            Consumer<ErrorResponse> failed) {
        listener.translated(command);
        try {
            service.handle(command, listener.observer(), reply -> {
                Either<ErrorResponse, Response> response = response(action, frame, command, reply, listener);
                response.peekLeft(failed).forEach(responder);
            });
        } catch (RuntimeException e) {
            listener.threw(e);
            failed.accept(ErrorResponse.INTERNAL);
        }
    }

    private <C extends ChatCommand> Either<ErrorResponse, Response> response(
            Action<C> action, InboundFrame frame, C command, Reply reply, Listener listener) {
        return switch (reply) {
            case Reply.Accepted accepted -> accepted(action, frame, command, accepted, listener);
            case Reply.Rejected rejected -> Either.left(ErrorResponse.of(rejected.rejection()));
            case Reply.Busy busy -> Either.left(ErrorResponse.BUSY);
        };
    }

    /** Reads what the response contains, which may fail although the command's events are stored. */
    private <C extends ChatCommand> Either<ErrorResponse, Response> accepted(
            Action<C> action, InboundFrame frame, C command, Reply.Accepted accepted, Listener listener) {
        try {
            return action.response(new HandledRequest<>(frame, command, accepted, service));
        } catch (RuntimeException e) {
            listener.threw(e);
            return Either.left(ErrorResponse.INTERNAL);
        }
    }

    /** Receives what happens while a frame is executed, for logs and metrics. */
    public interface Listener {

        /** The frame is this command. */
        default void translated(ChatCommand command) {}

        /** Observes the command's execution. */
        default ChatObserver observer() {
            return ChatObserver.NONE;
        }

        /** The request is answered with this error. */
        default void failed(ErrorResponse error) {}

        /** The store failed, or the server has a defect. The client receives {@link ErrorResponse#INTERNAL}. */
        default void threw(RuntimeException cause) {}
    }
}
