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

/** What is asked twice happens once. */
@Domain(ChatDomain.class)
@Domain(DomainContext.Global.class)
class IdempotenceTest {

    private static final Either<Rejection, Vector<ChatEvent>> NOTHING = Either.right(Vector.empty());

    @Property
    void whatMayBeAskedTwiceIsNothingTheSecondTime(@ForAll DecisionCase s) {
        boolean accepted = s.decision().isRight();
        switch (s.command()) {
            case ChatCommand.Connect c -> assertThat(again(s)).isEqualTo(NOTHING);
            case ChatCommand.Disconnect c -> assertThat(again(s)).isEqualTo(NOTHING);
            case ChatCommand.RegisterUser c
            when accepted -> assertThat(again(s)).isEqualTo(NOTHING);
            case ChatCommand.JoinRoom c when accepted -> assertThat(again(s)).isEqualTo(NOTHING);
            case ChatCommand.SendMessage c
            when accepted && c.id().isDefined() -> assertThat(again(s)).isEqualTo(NOTHING);
            case ChatCommand other -> assertThat(again(s)).isNotEqualTo(NOTHING);
        }
    }

    /** Later, and whoever asks has not done anything since. */
    private static Either<Rejection, ?> again(DecisionCase s) {
        return s.after().decide(ChatArbitraries.at(s.command().at().plusSeconds(1), s.command()));
    }

    @Property
    void whatIsRefusedIsRefusedAgain(@ForAll DecisionCase s) {
        if (s.decision().isLeft()) {
            assertThat(s.after().decide(s.command())).isEqualTo(s.decision());
        }
    }

    @Property
    void aMessageIsRecognisedWhileItIsAmongTheNewestEventsOfItsRoom(
            @ForAll Scenario scenario, @ForAll @IntRange(max = 2 * Room.DEDUPLICATION_WINDOW) int later) {
        TestClient speaker = TestClient.named("speaker").on("another connection");
        TestClient other = TestClient.named("other");
        Scenario sent = scenario.after(Vector.of(
                speaker.connect(),
                speaker.register(),
                speaker.create("the room"),
                other.connect(),
                other.register(),
                speaker.say("the room", "hello", "id")));
        Scenario now = sent.after(Vector.range(0, later)
                .map(i -> i % 3 == 0 ? other.join("the room") : i % 3 == 1 ? speaker.say("again") : other.leave()));
        Room.Open room = now.chat().open(new RoomName("the room")).get();

        assertThat(room.seq()).isEqualTo(2 + later);
        assertThat(now.decide(speaker.say("the room", "hello", "id")).map(events -> events.isEmpty()))
                .isEqualTo(Either.right(later < Room.DEDUPLICATION_WINDOW));
        assertThat(room.seqOf(speaker.user(), new ClientMessageId("id")))
                .isEqualTo(later < Room.DEDUPLICATION_WINDOW ? Option.some(2L) : Option.none());
    }
}
