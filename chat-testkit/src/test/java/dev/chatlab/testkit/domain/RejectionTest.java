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

/** Every refusal there is, reached as users reach it, with the code that programs know it by. */
class RejectionTest {

    private static final Chat CHAT = given(ANN, BOB)
            .and(ANN.created("hall", 1), ANN.created("attic", 1), TestClient.CAT.connected())
            .chat();
    private static final TestClient NOBODY = TestClient.named("nobody");
    private static final TestClient NEW = TestClient.CAT;

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("blank", "The user name is blank.", UserName.of(" \u200b")),
                refusal("too-long", "The room name is longer than 32 characters.", RoomName.of("x".repeat(33))),
                refusal("control-character", "The message id holds a control character.", ClientMessageId.of("a\tb")),
                refusal("unpaired-surrogate", "The message holds an unpaired surrogate.", MessageText.of("\ud83e")),
                refusal(
                        "invalid-key",
                        "A resume key is 16 to 128 visible ASCII characters.",
                        ResumeKey.of("too short")),
                refusal("not-connected", "This connection is not open.", decide(NOBODY.register())),
                refusal("not-registered", "Register a name first.", decide(NEW.create("cellar"))),
                refusal(
                        "already-registered",
                        "This connection is registered as ann.",
                        decide(ANN.register().withUser(new UserName("anna")))),
                refusal(
                        "name-taken",
                        "The name ann is taken.",
                        decide(NEW.register().withUser(ANN.user()))),
                refusal("room-exists", "There is a room hall already.", decide(BOB.create("hall"))),
                refusal("no-such-room", "There is no room cellar.", decide(BOB.join("cellar"))),
                refusal("not-a-member", "You are not in the room hall.", decide(BOB.say("hall", "hello"))),
                refusal(
                        "too-many-rooms",
                        "You cannot be in more than 2 rooms at once.",
                        CHAT.decide(ANN.create("cellar"), ChatPolicy.DEFAULT.withMaxRoomsPerConnection(2))),
                refusal("no-room", "You are not in a room.", decide(BOB.say("hello"))),
                refusal("room-ambiguous", "You are in several rooms: say which one.", decide(ANN.say("hello"))));
    }

    private static Arguments refusal(String code, String message, Either<Rejection, ?> outcome) {
        return Arguments.of(code, message, outcome.getLeft());
    }

    private static Either<Rejection, ?> decide(ChatCommand command) {
        return CHAT.decide(command, ChatPolicy.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalHasACodeForProgramsAndASentenceForPeople(String code, String message, Rejection rejection) {
        assertThat(rejection.code()).isEqualTo(code).matches("[a-z]+(-[a-z]+)*");
        assertThat(rejection.message()).isEqualTo(message).matches("[A-Z].*\\.");
    }

    @Test
    void thereIsNoRefusalThatNobodyReachesAndNoCodeThatMeansTwo() {
        List<Rejection> reached =
                refusals().map(refusal -> (Rejection) refusal.get()[2]).toList();

        assertThat(reached.stream().map(Object::getClass))
                .containsExactlyInAnyOrder(Rejection.class.getPermittedSubclasses());
        assertThat(Vector.ofAll(reached).map(Rejection::code)).doesNotHaveDuplicates();
    }
}
