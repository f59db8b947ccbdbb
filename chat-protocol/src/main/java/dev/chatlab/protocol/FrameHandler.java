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

    private static final System.Logger LOG = System.getLogger(FrameHandler.class.getName());

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
     *     and must not throw; what it throws is logged
     */
    public <C extends ChatCommand> void handle(
            Action<C> action,
            ConnectionId connection,
            InboundFrame frame,
            Instant at,
            Listener listener,
            Consumer<Response> responder) {
        Request<C> request = new Request<>(action, frame, new Guarded(listener), responder);
        action.command(connection, frame, at).peekLeft(request::fail).forEach(command -> handle(command, request));
    }

    private <C extends ChatCommand> void handle(C command, Request<C> request) {
        request.listener.translated(command);
        try {
            service.handle(
                    command,
                    request.listener.observer(),
                    reply -> response(command, reply, request)
                            .peekLeft(request::fail)
                            .forEach(request::respond));
        } catch (RuntimeException | Error e) {
            request.threw(e);
            request.fail(ErrorResponse.INTERNAL);
        }
    }

    private <C extends ChatCommand> Either<ErrorResponse, Response> response(
            C command, Reply reply, Request<C> request) {
        return switch (reply) {
            case Reply.Accepted accepted -> accepted(command, accepted, request);
            case Reply.Rejected rejected -> Either.left(ErrorResponse.of(rejected.rejection()));
            case Reply.Busy busy -> Either.left(ErrorResponse.BUSY);
        };
    }

    /** Reads what the response contains, which may fail although the command's events are stored. */
    private <C extends ChatCommand> Either<ErrorResponse, Response> accepted(
            C command, Reply.Accepted accepted, Request<C> request) {
        try {
            return request.action.response(new HandledRequest<>(request.frame, command, accepted, service));
        } catch (RuntimeException | Error e) {
            request.threw(e);
            return Either.left(ErrorResponse.INTERNAL);
        }
    }

    /** One frame that is being executed, and the receivers of what happens. */
    private record Request<C extends ChatCommand>(
            Action<C> action, InboundFrame frame, Listener listener, Consumer<Response> responder) {

        void fail(ErrorResponse error) {
            listener.failed(error);
            respond(frame.error(error));
        }

        void threw(Throwable cause) {
            listener.threw(
                    cause instanceof RuntimeException exception
                            ? exception
                            : new IllegalStateException("the request failed: " + cause, cause));
        }

        void respond(Response response) {
            guarded(() -> responder.accept(response));
        }
    }

    /** Receives what happens while a frame is executed, for logs and metrics. What it throws is logged and has no other effect. */
    public interface Listener {

        /** The frame is this command. */
        default void translated(ChatCommand command) {}

        /** Observes the command's execution. */
        default ChatObserver observer() {
            return ChatObserver.NONE;
        }

        /** The request is answered with this error. */
        default void failed(ErrorResponse error) {}

        /**
         * The store failed, or the server has a defect. The client receives {@link ErrorResponse#INTERNAL}.
         *
         * @param cause what was thrown; an {@link Error} is wrapped
         */
        default void threw(RuntimeException cause) {}
    }

    /** A listener whose exceptions are logged: the command goes on, and the client gets its response. */
    private record Guarded(Listener listener) implements Listener {

        @Override
        public void translated(ChatCommand command) {
            guarded(() -> listener.translated(command));
        }

        @Override
        public ChatObserver observer() {
            try {
                return listener.observer();
            } catch (RuntimeException | Error e) {
                log(e);
                return ChatObserver.NONE;
            }
        }

        @Override
        public void failed(ErrorResponse error) {
            guarded(() -> listener.failed(error));
        }

        @Override
        public void threw(RuntimeException cause) {
            guarded(() -> listener.threw(cause));
        }
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log(e);
        }
    }

    private static void log(Throwable thrown) {
        LOG.log(System.Logger.Level.ERROR, "a listener or a responder threw", thrown);
    }
}
