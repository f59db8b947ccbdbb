package dev.chatlab.domain;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;

/** A world, and what somebody is about to ask of it. */
public record Situation(World world, ChatCommand command) {

    public Either<Rejection, Seq<ChatEvent>> decision() {
        return world.decide(command);
    }

    /** What happens, nothing if the command is refused. */
    public Seq<ChatEvent> events() {
        return decision().getOrElse(Vector.empty());
    }

    public World after() {
        return world.after(command);
    }
}
