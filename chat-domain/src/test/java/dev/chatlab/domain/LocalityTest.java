package dev.chatlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** A command needs no more of the world than its boundary. */
@Domain(ChatDomain.class)
class LocalityTest {

    @Property
    void decidingOnTheSliceOfTheBoundaryIsDecidingOnTheWorld(@ForAll Situation s) {
        Chat chat = s.world().chat();
        Chat slice = chat.slice(chat.boundary(s.command()));

        assertThat(slice.decide(s.command(), s.world().policy())).isEqualTo(s.decision());
    }

    @Property
    void theBoundaryIsFoundInThreeLoadsFromNothing(@ForAll Situation s) {
        Chat seen = Chat.EMPTY;
        Set<StreamId> loaded = HashSet.empty();
        for (int loads = 0; loads < 3; loads++) {
            Set<StreamId> missing = seen.boundary(s.command()).diff(loaded);
            seen = seen.merge(s.world().chat().slice(missing));
            loaded = loaded.addAll(missing);
        }

        assertThat(seen.boundary(s.command())).isEqualTo(s.world().chat().boundary(s.command()));
        assertThat(loaded).containsAll(seen.boundary(s.command()));
        assertThat(seen.decide(s.command(), s.world().policy())).isEqualTo(s.decision());
    }

    @Property
    void aDecisionTouchesOnlyStreamsInItsBoundary(@ForAll Situation s) {
        assertThat(s.world().chat().boundary(s.command()))
                .containsAll(s.events().flatMap(ChatEvent::streams));
    }

    @Property
    void aDecisionSeesTheConnectionThatAsksButForAMessageToARoom(@ForAll Situation s) {
        var boundary = s.world().chat().boundary(s.command());

        if (s.command() instanceof ChatCommand.SendMessage c && c.room().isDefined()) {
            assertThat(boundary).containsExactly(StreamId.of(c.room().get()));
        } else {
            assertThat(boundary).contains(StreamId.of(s.command().connection()));
        }
    }

    @Property
    void anEventChangesOnlyItsOwnStreams(@ForAll Situation s) {
        Chat before = s.world().chat();
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
                .addAll(chat.claims().keySet().map(StreamId::of))
                .addAll(chat.rooms().keySet().map(StreamId::of));
    }
}
