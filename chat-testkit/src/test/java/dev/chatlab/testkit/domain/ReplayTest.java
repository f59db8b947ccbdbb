package dev.chatlab.testkit.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.Scenario;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Replay: the state is the fold of the events, in any batches and stream by stream. */
@Domain(ChatDomain.class)
@Domain(DomainContext.Global.class)
class ReplayTest {

    @Property
    void replayInAnyBatchesGivesTheSameState(
            @ForAll Scenario scenario, @ForAll @Size(max = 10) List<@IntRange(max = 30) Integer> sizes) {
        Chat chat = Chat.EMPTY;
        Seq<ChatEvent> remaining = scenario.events();
        for (int size : sizes) {
            chat = chat.evolve(remaining.take(size));
            remaining = remaining.drop(size);
        }

        assertThat(chat.evolve(remaining)).isEqualTo(scenario.chat());
    }

    @Property
    void replayOfOneStreamGivesItsSliceOfTheState(@ForAll Scenario scenario) {
        Chat merged = Chat.EMPTY;
        for (StreamId stream : streams(scenario)) {
            Chat part = scenario.events()
                    .filter(event -> event.streams().contains(stream))
                    .foldLeft(Chat.EMPTY, (chat, event) -> chat.evolve(stream, event));

            assertThat(part).isEqualTo(scenario.chat().slice(HashSet.of(stream)));
            merged = merged.merge(part);
        }

        assertThat(merged).isEqualTo(scenario.chat());
    }

    @Property
    void evolveThrowsForAStreamThatTheEventDoesNotBelongTo(@ForAll Scenario scenario) {
        Set<StreamId> streams = streams(scenario);
        scenario.events()
                .lastOption()
                .forEach(event -> assertThat(streams.removeAll(event.streams()))
                        .allSatisfy(foreign -> assertThatThrownBy(
                                        () -> scenario.chat().evolve(foreign, event))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessage(event + " does not belong to " + foreign)));
    }

    @Property
    void mergedSlicesAreTheSliceOfBothSetsOfStreams(@ForAll Scenario scenario, @ForAll @IntRange(max = 14) int count) {
        Set<StreamId> some = streams(scenario).take(count);
        Set<StreamId> others = streams(scenario).drop(count / 2);

        assertThat(scenario.chat().slice(some).merge(scenario.chat().slice(others)))
                .isEqualTo(scenario.chat().slice(some.union(others)));
    }

    @Property
    void mergePrefersTheStateOfTheOtherSlice(@ForAll Scenario scenario, @ForAll @IntRange(max = 100) int ago) {
        Chat earlier = Chat.EMPTY.evolve(scenario.events().dropRight(ago));
        Chat now = scenario.chat();
        Chat merged = earlier.merge(now);

        assertThat(merged.sessions()).isEqualTo(now.sessions().merge(earlier.sessions()));
        assertThat(merged.reservations()).isEqualTo(now.reservations().merge(earlier.reservations()));
        assertThat(merged.rooms()).isEqualTo(now.rooms());
        assertThat(now.merge(earlier).sessions()).isEqualTo(earlier.sessions().merge(now.sessions()));
        assertThat(now.merge(Chat.EMPTY)).isEqualTo(now);
        assertThat(Chat.EMPTY.merge(now)).isEqualTo(now);
    }

    private static Set<StreamId> streams(Scenario scenario) {
        return scenario.events().flatMap(ChatEvent::streams).toSet();
    }
}
