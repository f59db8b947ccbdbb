package dev.chatlab.testkit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.DecisionCase;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** Locality: a command needs only the streams of its consistency boundary. */
@Domain(ChatDomain.class)
class LocalityTest {

    @Property
    void sliceOfTheBoundaryGivesTheSameDecisionAsTheWholeState(@ForAll DecisionCase decisionCase) {
        Chat chat = decisionCase.scenario().chat();
        Chat slice = chat.slice(chat.boundary(decisionCase.command()));

        assertThat(slice.decide(decisionCase.command(), decisionCase.scenario().policy()))
                .isEqualTo(decisionCase.decision());
    }

    @Property
    void boundaryIsCompleteAfterThreeLoadsFromTheEmptyState(@ForAll DecisionCase decisionCase) {
        Chat complete = decisionCase.scenario().chat();
        Chat chat = Chat.EMPTY;
        Set<StreamId> loaded = HashSet.empty();
        for (int loads = 0; loads < 3; loads++) {
            Set<StreamId> missing = chat.boundary(decisionCase.command()).diff(loaded);
            chat = chat.merge(complete.slice(missing));
            loaded = loaded.addAll(missing);
        }

        assertThat(chat.boundary(decisionCase.command())).isEqualTo(complete.boundary(decisionCase.command()));
        assertThat(loaded).containsAll(chat.boundary(decisionCase.command()));
        assertThat(chat.decide(decisionCase.command(), decisionCase.scenario().policy()))
                .isEqualTo(decisionCase.decision());
    }

    @Property
    void eventsOfADecisionBelongToStreamsInTheBoundary(@ForAll DecisionCase decisionCase) {
        assertThat(decisionCase.scenario().chat().boundary(decisionCase.command()))
                .containsAll(decisionCase.events().flatMap(ChatEvent::streams));
    }

    @Property
    void boundaryContainsTheConnectionUnlessTheCommandIsAMessageToANamedRoom(@ForAll DecisionCase decisionCase) {
        var boundary = decisionCase.scenario().chat().boundary(decisionCase.command());

        if (decisionCase.command() instanceof ChatCommand.SendMessage c
                && c.room().isDefined()) {
            assertThat(boundary).containsExactly(StreamId.of(c.room().get()));
        } else {
            assertThat(boundary).contains(StreamId.of(decisionCase.command().connection()));
        }
    }

    @Property
    void eventChangesOnlyItsOwnStreams(@ForAll DecisionCase decisionCase) {
        Chat before = decisionCase.scenario().chat();
        for (ChatEvent event : decisionCase.events()) {
            Chat after = before.evolve(event);
            Set<StreamId> others = streams(before).addAll(streams(after)).removeAll(event.streams());

            assertThat(after.slice(others)).isEqualTo(before.slice(others));
            before = after;
        }
    }

    private static Set<StreamId> streams(Chat chat) {
        return chat.sessions()
                .keySet()
                .map(StreamId::of)
                .addAll(chat.reservations().keySet().map(StreamId::of))
                .addAll(chat.rooms().keySet().map(StreamId::of));
    }
}
