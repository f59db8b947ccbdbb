package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;

/**
 * A given/when/then test of decisions: given these events, when a client sends this command, then these events follow. A story
 * continues after each step.
 *
 * <pre>{@code
 * Story.given(ANN, BOB)
 *         .and(ANN.created("hall", 1))
 *         .when(BOB.join("hall"))
 *         .then(BOB.joined("hall", 1, 2))
 *         .when(BOB.join("attic"))
 *         .then(new Rejection.NoSuchRoom(new RoomName("attic")));
 * }</pre>
 *
 * <p>Immutable. Every history is checked against the {@link ReferenceModel}, so a story cannot start from an impossible one.
 */
public final class Story {

    private final ChatPolicy policy;
    private final Seq<ChatEvent> events;

    private Story(ChatPolicy policy, Seq<ChatEvent> events) {
        this.policy = policy;
        this.events = events;
        ReferenceModel.check(policy, events, chat());
    }

    /** A story in which these clients are connected and registered, under the default policy. */
    public static Story given(TestClient... clients) {
        return new Story(
                ChatPolicy.DEFAULT,
                Vector.of(clients).flatMap(client -> Vector.of(client.connected(), client.registered())));
    }

    /** The event that closes a room, at {@link TestClient#NOW}. */
    public static ChatEvent.RoomClosed closed(String room, long created, long seq) {
        return new ChatEvent.RoomClosed(new RoomName(room), created, seq, TestClient.NOW);
    }

    /** The same story under another policy. */
    public Story under(ChatPolicy other) {
        return new Story(other, events);
    }

    /** The story with further events, which must be legal after its own. */
    public Story and(ChatEvent... more) {
        return new Story(policy, events.appendAll(Vector.of(more)));
    }

    /** Decides a command in the story's state. */
    public Outcome when(ChatCommand command) {
        return new Outcome(chat().decide(command, policy));
    }

    /** The state after the story's events. */
    public Chat chat() {
        return Chat.EMPTY.evolve(events);
    }

    /** The outcome of a command, and what is expected of it. */
    public final class Outcome {

        private final Either<Rejection, Seq<ChatEvent>> decision;

        private Outcome(Either<Rejection, Seq<ChatEvent>> decision) {
            this.decision = decision;
        }

        /** Expects exactly these events, in this order. The story continues after them. */
        public Story then(ChatEvent... expected) {
            assertThat(decision).isEqualTo(Either.right(Vector.of(expected)));
            return and(expected);
        }

        /** Expects this rejection. The story continues unchanged. */
        public Story then(Rejection expected) {
            assertThat(decision).isEqualTo(Either.left(expected));
            return Story.this;
        }

        /** Expects that the command is accepted and there is nothing to do. */
        public Story thenNothing() {
            return then();
        }
    }
}
