package dev.chatlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.HashMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameHandlerTest {

    private static final ConnectionId ANN = new ConnectionId("ann");
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final InboundFrame REGISTER = new InboundFrame(Map.of("action", "register", "value", "Ann"));
    private static final InboundFrame NEW_ROOM = new InboundFrame(Map.of("action", "new-room", "value", "hall"));

    private final SwitchableStore store = new SwitchableStore();
    private final ChatService service = new ChatService(store, (event, recipients) -> HashMap.empty());
    private final FrameHandler frames = new FrameHandler(service);
    private final List<Response> responses = new ArrayList<>();

    FrameHandlerTest() {
        service.handle(new ChatCommand.Connect(ANN, NOON));
    }

    @Test
    void listenerReceivesCommandAndItsExecution() {
        List<String> received = new ArrayList<>();
        FrameHandler.Listener listener = new FrameHandler.Listener() {
            @Override
            public void translated(ChatCommand command) {
                received.add("translated " + command.getClass().getSimpleName());
            }

            @Override
            public ChatObserver observer() {
                return new ChatObserver() {
                    @Override
                    public void replied(ChatCommand command, Reply reply, Duration took) {
                        received.add("replied " + reply.getClass().getSimpleName());
                    }
                };
            }
        };

        frames.handle(Action.REGISTER, ANN, REGISTER, NOON, listener, responses::add);

        assertThat(received).containsExactly("translated RegisterUser", "replied Accepted");
        assertThat(responses).hasSize(1);
        assertThat(responses.getFirst().error()).isEmpty();
    }

    @Test
    void listenerReceivesErrorOfRejectedCommandAndOfInvalidFrame() {
        List<String> codes = new ArrayList<>();
        FrameHandler.Listener listener = new FrameHandler.Listener() {
            @Override
            public void failed(ErrorResponse error) {
                codes.add(error.code());
            }
        };

        frames.handle(Action.CREATE_ROOM, ANN, NEW_ROOM, NOON, listener, responses::add);
        frames.handle(Action.CREATE_ROOM, ANN, new InboundFrame(Map.of()), NOON, listener, responses::add);

        assertThat(codes).containsExactly("not-registered", "malformed");
        assertThat(responses)
                .extracting(response -> response.error().get().code())
                .isEqualTo(codes);
    }

    @Test
    void listenerReceivesWhatTheStoreThrows() {
        List<RuntimeException> thrown = new ArrayList<>();
        store.failure = SwitchableStore.Failure.APPENDS;

        frames.handle(
                Action.REGISTER,
                ANN,
                REGISTER,
                NOON,
                new FrameHandler.Listener() {
                    @Override
                    public void threw(RuntimeException cause) {
                        thrown.add(cause);
                    }
                },
                responses::add);

        assertThat(thrown).hasSize(1).hasOnlyElementsOfType(StoreException.class);
        assertThat(responses).extracting(response -> response.error().get()).containsExactly(ErrorResponse.INTERNAL);
    }

    @Test
    void frameIsExecutedAndAnsweredOnceIfTheListenerThrows() {
        FrameHandler.Listener listener = new FrameHandler.Listener() {
            @Override
            public void translated(ChatCommand command) {
                throw new IllegalStateException("translated");
            }

            @Override
            public ChatObserver observer() {
                throw new IllegalStateException("observer");
            }

            @Override
            public void failed(ErrorResponse error) {
                throw new StackOverflowError("failed");
            }
        };

        frames.handle(Action.CREATE_ROOM, ANN, NEW_ROOM, NOON, listener, responses::add);
        frames.handle(Action.REGISTER, ANN, REGISTER, NOON, listener, responses::add);

        assertThat(responses)
                .extracting(
                        response -> response.error().map(ErrorResponse::code).getOrElse("none"))
                .containsExactly("not-registered", "none");
        assertThat(store.registered()).hasSize(1);
    }

    @Test
    void responderThatThrowsIsCalledOnce() {
        frames.handle(Action.REGISTER, ANN, REGISTER, NOON, new FrameHandler.Listener() {}, response -> {
            responses.add(response);
            throw new IllegalStateException("connection closed");
        });

        assertThat(responses).extracting(Response::error).containsExactly(io.vavr.control.Option.none());
    }
}
