package dev.chatlab.testkit;

import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Rejection;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;

/** A scenario and a command to decide in it: the input of properties about decisions. */
public record DecisionCase(Scenario scenario, ChatCommand command) {

    /** The decision: the command's events, or why it is rejected. */
    public Either<Rejection, Seq<ChatEvent>> decision() {
        return scenario.decide(command);
    }

    /** The decision's events. Empty if the command is rejected. */
    public Seq<ChatEvent> events() {
        return decision().getOrElse(Vector.empty());
    }

    /** The scenario after the command. */
    public Scenario after() {
        return scenario.after(command);
    }
}
