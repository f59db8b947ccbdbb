package dev.chatlab.testkit;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Rejection;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;

/** A scenario, and what somebody is about to ask of it. */
public record DecisionCase(Scenario scenario, ChatCommand command) {

    public Either<Rejection, Seq<ChatEvent>> decision() {
        return scenario.decide(command);
    }

    /** What happens, nothing if the command is refused. */
    public Seq<ChatEvent> events() {
        return decision().getOrElse(Vector.empty());
    }

    public Scenario after() {
        return scenario.after(command);
    }
}
