package dev.chatlab.testkit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.testkit.ChatArbitraries;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.DecisionCase;
import dev.chatlab.testkit.Scenario;
import dev.chatlab.testkit.TestClient;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Repeated commands: a connect, a disconnect, and an accepted registration, join or message with an id have no further events. */
@Domain(ChatDomain.class)
@Domain(DomainContext.Global.class)
class IdempotenceTest {

    private static final Either<Rejection, Vector<ChatEvent>> NOTHING = Either.right(Vector.empty());

    @Property
    void repeatedIdempotentCommandHasNoEvents(@ForAll DecisionCase decisionCase) {
        boolean accepted = decisionCase.decision().isRight();
        switch (decisionCase.command()) {
            case ChatCommand.Connect c -> assertThat(repeated(decisionCase)).isEqualTo(NOTHING);
            case ChatCommand.Disconnect c -> assertThat(repeated(decisionCase)).isEqualTo(NOTHING);
            case ChatCommand.RegisterUser c
            when accepted -> assertThat(repeated(decisionCase)).isEqualTo(NOTHING);
            case ChatCommand.JoinRoom c
            when accepted -> assertThat(repeated(decisionCase)).isEqualTo(NOTHING);
            case ChatCommand.SendMessage c
            when accepted && c.id().isDefined() ->
                assertThat(repeated(decisionCase)).isEqualTo(NOTHING);
            case ChatCommand other -> assertThat(repeated(decisionCase)).isNotEqualTo(NOTHING);
        }
    }

    /** Decides the same command again, one second later, with no other command between. */
    private static Either<Rejection, ?> repeated(DecisionCase decisionCase) {
        return decisionCase
                .after()
                .decide(ChatArbitraries.at(decisionCase.command().at().plusSeconds(1), decisionCase.command()));
    }

    @Property
    void rejectedCommandIsRejectedAgain(@ForAll DecisionCase decisionCase) {
        if (decisionCase.decision().isLeft()) {
            assertThat(decisionCase.after().decide(decisionCase.command())).isEqualTo(decisionCase.decision());
        }
    }

    @Property
    void repeatedMessageIsRecognisedWithinTheDeduplicationWindowOnly(
            @ForAll Scenario scenario, @ForAll @IntRange(max = 2 * Room.DEDUPLICATION_WINDOW) int later) {
        TestClient sender = TestClient.named("sender").on("another connection");
        TestClient other = TestClient.named("other");
        Scenario sent = scenario.after(Vector.of(
                sender.connect(),
                sender.register(),
                sender.create("the room"),
                other.connect(),
                other.register(),
                sender.say("the room", "hello", "id")));
        Scenario now = sent.after(Vector.range(0, later)
                .map(i -> i % 3 == 0 ? other.join("the room") : i % 3 == 1 ? sender.say("again") : other.leave()));
        Room.Open room = now.chat().open(new RoomName("the room")).get();

        assertThat(room.seq()).isEqualTo(2 + later);
        assertThat(now.decide(sender.say("the room", "hello", "id")).map(events -> events.isEmpty()))
                .isEqualTo(Either.right(later < Room.DEDUPLICATION_WINDOW));
        assertThat(room.seqOf(sender.user(), new ClientMessageId("id")))
                .isEqualTo(later < Room.DEDUPLICATION_WINDOW ? Option.some(2L) : Option.none());
    }
}
