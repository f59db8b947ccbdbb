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

/** A command needs no more of the scenario than its boundary. */
@Domain(ChatDomain.class)
class LocalityTest {

    @Property
    void decidingOnTheSliceOfTheBoundaryIsDecidingOnTheWorld(@ForAll DecisionCase s) {
        Chat chat = s.scenario().chat();
        Chat slice = chat.slice(chat.boundary(s.command()));

        assertThat(slice.decide(s.command(), s.scenario().policy())).isEqualTo(s.decision());
    }

    @Property
    void theBoundaryIsFoundInThreeLoadsFromNothing(@ForAll DecisionCase s) {
        Chat seen = Chat.EMPTY;
        Set<StreamId> loaded = HashSet.empty();
        for (int loads = 0; loads < 3; loads++) {
            Set<StreamId> missing = seen.boundary(s.command()).diff(loaded);
            seen = seen.merge(s.scenario().chat().slice(missing));
            loaded = loaded.addAll(missing);
        }

        assertThat(seen.boundary(s.command())).isEqualTo(s.scenario().chat().boundary(s.command()));
        assertThat(loaded).containsAll(seen.boundary(s.command()));
        assertThat(seen.decide(s.command(), s.scenario().policy())).isEqualTo(s.decision());
    }

    @Property
    void aDecisionTouchesOnlyStreamsInItsBoundary(@ForAll DecisionCase s) {
        assertThat(s.scenario().chat().boundary(s.command()))
                .containsAll(s.events().flatMap(ChatEvent::streams));
    }

    @Property
    void aDecisionSeesTheConnectionThatAsksButForAMessageToARoom(@ForAll DecisionCase s) {
        var boundary = s.scenario().chat().boundary(s.command());

        if (s.command() instanceof ChatCommand.SendMessage c && c.room().isDefined()) {
            assertThat(boundary).containsExactly(StreamId.of(c.room().get()));
        } else {
            assertThat(boundary).contains(StreamId.of(s.command().connection()));
        }
    }

    @Property
    void anEventChangesOnlyItsOwnStreams(@ForAll DecisionCase s) {
        Chat before = s.scenario().chat();
        for (ChatEvent event : s.events()) {
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
