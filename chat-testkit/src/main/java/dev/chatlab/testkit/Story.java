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

/** What happened so far: given these events, when somebody asks this, then that happens; and on from there. */
public final class Story {

    private final ChatPolicy policy;
    private final Seq<ChatEvent> events;

    private Story(ChatPolicy policy, Seq<ChatEvent> events) {
        this.policy = policy;
        this.events = events;
        ReferenceModel.check(policy, events, chat());
    }

    /** These people are connected and registered. */
    public static Story given(TestClient... people) {
        return new Story(
                ChatPolicy.DEFAULT,
                Vector.of(people).flatMap(person -> Vector.of(person.connected(), person.registered())));
    }

    /** A room ended. */
    public static ChatEvent.RoomClosed closed(String room, long created, long seq) {
        return new ChatEvent.RoomClosed(new RoomName(room), created, seq, TestClient.NOW);
    }

    public Story under(ChatPolicy other) {
        return new Story(other, events);
    }

    /** What else happened before; the history has to be one that the rules allow. */
    public Story and(ChatEvent... more) {
        return new Story(policy, events.appendAll(Vector.of(more)));
    }

    public Asked when(ChatCommand command) {
        return new Asked(chat().decide(command, policy));
    }

    /** What it has come to. */
    public Chat chat() {
        return Chat.EMPTY.evolve(events);
    }

    /** A command that somebody made, and its outcome. */
    public final class Asked {

        private final Either<Rejection, Seq<ChatEvent>> outcome;

        private Asked(Either<Rejection, Seq<ChatEvent>> outcome) {
            this.outcome = outcome;
        }

        /** Exactly these events, in this order. */
        public Story then(ChatEvent... expected) {
            assertThat(outcome).isEqualTo(Either.right(Vector.of(expected)));
            return and(expected);
        }

        /** Refused; nothing has happened. */
        public Story then(Rejection why) {
            assertThat(outcome).isEqualTo(Either.left(why));
            return Story.this;
        }

        /** Neither an event nor a refusal. */
        public Story thenNothing() {
            return then();
        }
    }
}
