package dev.chatlab.testkit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.testkit.ChatDomain;
import dev.chatlab.testkit.DecisionCase;
import dev.chatlab.testkit.ReferenceModel;
import dev.chatlab.testkit.Scenario;
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
    void theStepsTogetherAreTheDecision(@ForAll DecisionCase s) {
        assertThat(Chat.steps(s.events()).flatMap(step -> step)).isEqualTo(s.events());
        assertThat(Chat.steps(s.events())).allSatisfy(step -> assertThat(step).isNotEmpty());
    }

    @Property
    void everyPrefixIsALegalHistory(@ForAll DecisionCase s) {
        ReferenceModel.check(s.scenario());
        Scenario scenario = s.scenario();
        for (Seq<ChatEvent> step : Chat.steps(s.events())) {
            scenario = scenario.with(step);
            ReferenceModel.check(scenario);
        }
    }

    @Property
    void theCommandDecidedAgainAfterAPrefixGivesTheRest(@ForAll DecisionCase s) {
        Seq<Seq<ChatEvent>> steps = Chat.steps(s.events());
        for (int done = 0; done < steps.size(); done++) {
            Scenario scenario = s.scenario().with(steps.take(done).flatMap(step -> step));

            assertThat(scenario.decide(s.command()))
                    .isEqualTo(Either.right(steps.drop(done).flatMap(step -> step)));
        }
    }

    @Property
    void aStepOfSeveralTouchesOneRoomAtMost(@ForAll DecisionCase s) {
        assertThat(Chat.steps(s.events()))
                .allSatisfy(step -> assertThat(
                                step.flatMap(ChatEvent::streams).toSet().filter(StreamId.OfRoom.class::isInstance))
                        .hasSizeLessThanOrEqualTo(1));
    }

    @Property
    void aSessionEndsInTheLastStep(@ForAll DecisionCase s) {
        assertThat(Chat.steps(s.events()).dropRight(1).flatMap(step -> step))
                .noneMatch(ChatEvent.Disconnected.class::isInstance);
    }

    @Example
    void noDecisionHasNoSteps() {
        assertThat(Chat.steps(Vector.empty())).isEmpty();
    }
}
