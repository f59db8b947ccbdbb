package dev.chatlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** A decision may be appended step by step, and given up after any of them. */
@Domain(ChatDomain.class)
class StepsTest {

    @Property
    void theStepsTogetherAreTheDecision(@ForAll Situation s) {
        assertThat(Chat.steps(s.events()).flatMap(step -> step)).isEqualTo(s.events());
        assertThat(Chat.steps(s.events())).allSatisfy(step -> assertThat(step).isNotEmpty());
    }

    @Property
    void everyPrefixIsALegalHistory(@ForAll Situation s) {
        Chronicle.check(s.world());
        World world = s.world();
        for (Seq<ChatEvent> step : Chat.steps(s.events())) {
            world = world.with(step);
            Chronicle.check(world);
        }
    }

    @Property
    void theCommandDecidedAgainAfterAPrefixGivesTheRest(@ForAll Situation s) {
        Seq<Seq<ChatEvent>> steps = Chat.steps(s.events());
        for (int done = 0; done < steps.size(); done++) {
            World world = s.world().with(steps.take(done).flatMap(step -> step));

            assertThat(world.decide(s.command()))
                    .isEqualTo(Either.right(steps.drop(done).flatMap(step -> step)));
        }
    }

    @Property
    void aStepOfSeveralTouchesOneRoomAtMost(@ForAll Situation s) {
        assertThat(Chat.steps(s.events()))
                .allSatisfy(step -> assertThat(
                                step.flatMap(ChatEvent::streams).toSet().filter(StreamId.OfRoom.class::isInstance))
                        .hasSizeLessThanOrEqualTo(1));
    }

    @Property
    void aSessionEndsInTheLastStep(@ForAll Situation s) {
        assertThat(Chat.steps(s.events()).dropRight(1).flatMap(step -> step))
                .noneMatch(ChatEvent.Disconnected.class::isInstance);
    }

    @Example
    void noDecisionHasNoSteps() {
        assertThat(Chat.steps(Vector.empty())).isEmpty();
    }
}
