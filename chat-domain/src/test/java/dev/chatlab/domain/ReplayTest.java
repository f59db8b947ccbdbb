package dev.chatlab.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** The state is the fold of the events, however they come. */
@Domain(ChatDomain.class)
@Domain(DomainContext.Global.class)
class ReplayTest {

    @Property
    void aReplayInAnyBatchesGivesTheSameWorld(
            @ForAll World world, @ForAll @Size(max = 10) List<@IntRange(max = 30) Integer> sizes) {
        Chat chat = Chat.EMPTY;
        Seq<ChatEvent> left = world.events();
        for (int size : sizes) {
            chat = chat.evolve(left.take(size));
            left = left.drop(size);
        }

        assertThat(chat.evolve(left)).isEqualTo(world.chat());
    }

    @Property
    void eachStreamByItselfGivesItsPartOfTheWorld(@ForAll World world) {
        Chat merged = Chat.EMPTY;
        for (StreamId stream : streams(world)) {
            Chat part = world.events()
                    .filter(event -> event.streams().contains(stream))
                    .foldLeft(Chat.EMPTY, (chat, event) -> chat.evolve(stream, event));

            assertThat(part).isEqualTo(world.chat().slice(HashSet.of(stream)));
            merged = merged.merge(part);
        }

        assertThat(merged).isEqualTo(world.chat());
    }

    @Property
    void anEventIsRefusedByStreamsThatItIsNotOf(@ForAll World world) {
        Set<StreamId> streams = streams(world);
        world.events()
                .lastOption()
                .forEach(event -> assertThat(streams.removeAll(event.streams()))
                        .allSatisfy(
                                foreign -> assertThatThrownBy(() -> world.chat().evolve(foreign, event))
                                        .isInstanceOf(IllegalArgumentException.class)
                                        .hasMessage(event + " does not belong to " + foreign)));
    }

    @Property
    void slicesMergeIntoTheSliceOfBoth(@ForAll World world, @ForAll @IntRange(max = 14) int few) {
        Set<StreamId> some = streams(world).take(few);
        Set<StreamId> others = streams(world).drop(few / 2);

        assertThat(world.chat().slice(some).merge(world.chat().slice(others)))
                .isEqualTo(world.chat().slice(some.union(others)));
    }

    @Property
    void inAMergeTheOtherSlicesStateOfAStreamCounts(@ForAll World world, @ForAll @IntRange(max = 100) int ago) {
        Chat earlier = Chat.EMPTY.evolve(world.events().dropRight(ago));
        Chat now = world.chat();
        Chat merged = earlier.merge(now);

        assertThat(merged.sessions()).isEqualTo(now.sessions().merge(earlier.sessions()));
        assertThat(merged.claims()).isEqualTo(now.claims().merge(earlier.claims()));
        assertThat(merged.rooms()).isEqualTo(now.rooms());
        assertThat(now.merge(earlier).sessions()).isEqualTo(earlier.sessions().merge(now.sessions()));
        assertThat(now.merge(Chat.EMPTY)).isEqualTo(now);
        assertThat(Chat.EMPTY.merge(now)).isEqualTo(now);
    }

    private static Set<StreamId> streams(World world) {
        return world.events().flatMap(ChatEvent::streams).toSet();
    }
}
