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

/** Steps: a decision is appended step by step, and every prefix of the steps is a legal history. */
@Domain(ChatDomain.class)
class StepsTest {

    @Property
    void stepsTogetherAreTheDecision(@ForAll DecisionCase decisionCase) {
        assertThat(Chat.steps(decisionCase.events()).flatMap(step -> step)).isEqualTo(decisionCase.events());
        assertThat(Chat.steps(decisionCase.events()))
                .allSatisfy(step -> assertThat(step).isNotEmpty());
    }

    @Property
    void everyPrefixOfTheStepsIsALegalHistory(@ForAll DecisionCase decisionCase) {
        ReferenceModel.check(decisionCase.scenario());
        Scenario scenario = decisionCase.scenario();
        for (Seq<ChatEvent> step : Chat.steps(decisionCase.events())) {
            scenario = scenario.with(step);
            ReferenceModel.check(scenario);
        }
    }

    @Property
    void commandDecidedAgainAfterAPrefixGivesTheRemainingSteps(@ForAll DecisionCase decisionCase) {
        Seq<Seq<ChatEvent>> steps = Chat.steps(decisionCase.events());
        for (int done = 0; done < steps.size(); done++) {
            Scenario scenario = decisionCase.scenario().with(steps.take(done).flatMap(step -> step));

            assertThat(scenario.decide(decisionCase.command()))
                    .isEqualTo(Either.right(steps.drop(done).flatMap(step -> step)));
        }
    }

    @Property
    void stepTouchesAtMostOneRoom(@ForAll DecisionCase decisionCase) {
        assertThat(Chat.steps(decisionCase.events()))
                .allSatisfy(step -> assertThat(
                                step.flatMap(ChatEvent::streams).toSet().filter(StreamId.OfRoom.class::isInstance))
                        .hasSizeLessThanOrEqualTo(1));
    }

    @Property
    void sessionEndsInTheLastStep(@ForAll DecisionCase decisionCase) {
        assertThat(Chat.steps(decisionCase.events()).dropRight(1).flatMap(step -> step))
                .noneMatch(ChatEvent.Disconnected.class::isInstance);
    }

    @Example
    void emptyDecisionHasNoSteps() {
        assertThat(Chat.steps(Vector.empty())).isEmpty();
    }
}
