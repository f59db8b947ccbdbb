package dev.chatlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ActionTest {

    private static final ConnectionId ANN = new ConnectionId("ann");
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ResumeKey KEY = new ResumeKey("0123456789abcdef");
    private static final RoomName HALL = new RoomName("hall");

    static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of(
                        Map.of("action", "register", "value", "Ann", "key", KEY.value()),
                        new ChatCommand.RegisterUser(ANN, new UserName("Ann"), KEY, NOON)),
                Arguments.of(
                        Map.of("action", "new-room", "value", "hall", "room", "ignored"),
                        new ChatCommand.CreateRoom(ANN, HALL, NOON)),
                Arguments.of(Map.of("action", "join-room", "value", "hall"), new ChatCommand.JoinRoom(ANN, HALL, NOON)),
                Arguments.of(
                        Map.of("action", "join-room", "value", "hall", "since", 7),
                        new ChatCommand.JoinRoom(ANN, HALL, NOON)),
                Arguments.of(
                        Map.of("action", "dispatch", "value", "hi"),
                        new ChatCommand.SendMessage(ANN, Option.none(), new MessageText("hi"), Option.none(), NOON)),
                Arguments.of(
                        Map.of("action", "dispatch", "value", "hi", "room", "hall", "id", "m-1"),
                        new ChatCommand.SendMessage(
                                ANN,
                                Option.some(HALL),
                                new MessageText("hi"),
                                Option.some(new ClientMessageId("m-1")),
                                NOON)),
                Arguments.of(
                        Map.of("action", "leave-room", "value", "ignored"),
                        new ChatCommand.LeaveRoom(ANN, Option.none(), NOON)),
                Arguments.of(
                        Map.of("action", "leave-room", "room", "hall"),
                        new ChatCommand.LeaveRoom(ANN, Option.some(HALL), NOON)));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void frameBecomesTheCommandOfItsAction(Map<String, Object> fields, ChatCommand command) {
        assertThat(command(fields)).isEqualTo(Either.right(command));
    }

    @Test
    void registrationWithoutKeyGetsNewKeyEachTime() {
        ChatCommand.RegisterUser first = register();
        ChatCommand.RegisterUser second = register();

        assertThat(ResumeKey.of(first.key().value())).isEqualTo(Either.right(first.key()));
        assertThat(first.key()).isNotEqualTo(second.key());
    }

    static Stream<Arguments> invalidFrames() {
        return Stream.of(
                Arguments.of(Map.of("action", "register"), "malformed"),
                Arguments.of(Map.of("action", "register", "value", " "), "blank"),
                Arguments.of(Map.of("action", "register", "value", "Ann", "key", "short"), "invalid-key"),
                Arguments.of(Map.of("action", "register", "value", "Ann", "key", 7), "malformed"),
                Arguments.of(Map.of("action", "new-room", "value", "x".repeat(33)), "too-long"),
                Arguments.of(Map.of("action", "new-room", "value", "a\nb"), "control-character"),
                Arguments.of(Map.of("action", "join-room", "value", "hall", "since", "7"), "malformed"),
                Arguments.of(Map.of("action", "dispatch"), "malformed"),
                Arguments.of(Map.of("action", "dispatch", "value", "x".repeat(4_001)), "too-long"),
                Arguments.of(Map.of("action", "dispatch", "value", "\ud800"), "unpaired-surrogate"),
                Arguments.of(Map.of("action", "dispatch", "value", "hi", "room", 7), "malformed"),
                Arguments.of(Map.of("action", "dispatch", "value", "hi", "id", "x".repeat(65)), "too-long"),
                Arguments.of(Map.of("action", "leave-room", "room", false), "malformed"));
    }

    @ParameterizedTest
    @MethodSource("invalidFrames")
    void invalidFrameIsAnErrorWithItsCode(Map<String, Object> fields, String code) {
        assertThat(command(fields).getLeft().code()).isEqualTo(code);
    }

    @Test
    void frameWithoutKnownActionHasNoAction() {
        assertThat(Action.of(new InboundFrame(Map.of()))).isEmpty();
        assertThat(Action.of(new InboundFrame(Map.of("action", "Dispatch")))).isEmpty();
        assertThat(Action.of(new InboundFrame(Map.of("action", 7)))).isEmpty();
    }

    private static ChatCommand.RegisterUser register() {
        return (ChatCommand.RegisterUser)
                command(Map.of("action", "register", "value", "Ann")).get();
    }

    private static Either<ErrorResponse, ChatCommand> command(Map<String, Object> fields) {
        InboundFrame frame = new InboundFrame(fields);
        return Action.of(frame).get().command(ANN, frame, NOON).map(command -> command);
    }
}
