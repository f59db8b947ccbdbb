package dev.chatlab.testkit;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.Rejection;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.time.Instant;

/**
 * A sequence of commands, decided one after another as a service does it, and the resulting events and state. Immutable: every
 * step returns a new scenario.
 *
 * @param policy the policy that every command is decided under
 * @param commands all commands, oldest first, including those that were rejected
 * @param events the events of all accepted commands, oldest first
 * @param chat the state after the events
 * @param now the time of the last command
 */
public record Scenario(ChatPolicy policy, Seq<ChatCommand> commands, Seq<ChatEvent> events, Chat chat, Instant now) {

    /** A scenario without commands. */
    public static Scenario empty(ChatPolicy policy, Instant now) {
        return new Scenario(policy, Vector.empty(), Vector.empty(), Chat.EMPTY, now);
    }

    /** Decides a command in the current state. The scenario stays as it is. */
    public Either<Rejection, Seq<ChatEvent>> decide(ChatCommand command) {
        return chat.decide(command, policy);
    }

    /** The scenario after a command. A rejected command adds no events. */
    public Scenario after(ChatCommand command) {
        Scenario next = with(decide(command).getOrElse(Vector.empty()));
        return new Scenario(policy, commands.append(command), next.events, next.chat, command.at());
    }

    /** The scenario after several commands, in order. */
    public Scenario after(Iterable<? extends ChatCommand> commands) {
        Scenario scenario = this;
        for (ChatCommand command : commands) {
            scenario = scenario.after(command);
        }
        return scenario;
    }

    /** The scenario with further events, which must be legal after its own. The commands and the time stay as they are. */
    public Scenario with(Seq<ChatEvent> more) {
        return new Scenario(policy, commands, events.appendAll(more), chat.evolve(more), now);
    }
}
