package dev.chatlab.testkit.domain;

import static dev.chatlab.testkit.Story.given;
import static dev.chatlab.testkit.TestClient.ANN;
import static dev.chatlab.testkit.TestClient.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.testkit.TestClient;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rejection, caused by a command or a value, with its code and its sentence. */
class RejectionTest {

    private static final Chat CHAT = given(ANN, BOB)
            .and(ANN.created("hall", 1), ANN.created("attic", 1), TestClient.CAT.connected())
            .chat();
    private static final TestClient UNKNOWN = TestClient.named("unknown");
    private static final TestClient UNREGISTERED = TestClient.CAT;

    static Stream<Arguments> rejections() {
        return Stream.of(
                rejection("blank", "The user name is blank.", UserName.of(" \u200b")),
                rejection("too-long", "The room name is longer than 32 characters.", RoomName.of("x".repeat(33))),
                rejection(
                        "control-character",
                        "The message id contains a control character.",
                        ClientMessageId.of("a\tb")),
                rejection(
                        "unpaired-surrogate", "The message contains an unpaired surrogate.", MessageText.of("\ud83e")),
                rejection(
                        "invalid-key",
                        "A resume key has 16 to 128 visible ASCII characters.",
                        ResumeKey.of("too short")),
                rejection("not-connected", "This connection is not open.", decide(UNKNOWN.register())),
                rejection("not-registered", "Register a user name first.", decide(UNREGISTERED.create("cellar"))),
                rejection(
                        "already-registered",
                        "This connection is already registered as ann.",
                        decide(ANN.register().withUser(new UserName("anna")))),
                rejection(
                        "name-taken",
                        "The name ann is taken.",
                        decide(UNREGISTERED.register().withUser(ANN.user()))),
                rejection("room-exists", "The room hall already exists.", decide(BOB.create("hall"))),
                rejection("no-such-room", "There is no room cellar.", decide(BOB.join("cellar"))),
                rejection("not-a-member", "You are not in the room hall.", decide(BOB.say("hall", "hello"))),
                rejection(
                        "too-many-rooms",
                        "You cannot be in more than 2 rooms at once.",
                        CHAT.decide(ANN.create("cellar"), ChatPolicy.DEFAULT.withMaxRoomsPerConnection(2))),
                rejection("no-room", "You are not in a room.", decide(BOB.say("hello"))),
                rejection("room-ambiguous", "You are in several rooms. Name one of them.", decide(ANN.say("hello"))));
    }

    private static Arguments rejection(String code, String message, Either<Rejection, ?> outcome) {
        return Arguments.of(code, message, outcome.getLeft());
    }

    private static Either<Rejection, ?> decide(ChatCommand command) {
        return CHAT.decide(command, ChatPolicy.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("rejections")
    void rejectionHasItsCodeAndItsSentence(String code, String message, Rejection rejection) {
        assertThat(rejection.code()).isEqualTo(code).matches("[a-z]+(-[a-z]+)*");
        assertThat(rejection.message()).isEqualTo(message).matches("[A-Z].*\\.");
    }

    @Test
    void everyRejectionIsReachedAndCodesAreUnique() {
        List<Rejection> reached =
                rejections().map(rejection -> (Rejection) rejection.get()[2]).toList();

        assertThat(reached.stream().map(Object::getClass))
                .containsExactlyInAnyOrder(Rejection.class.getPermittedSubclasses());
        assertThat(Vector.ofAll(reached).map(Rejection::code)).doesNotHaveDuplicates();
    }
}
