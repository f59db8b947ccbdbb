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
 * A chat that came about by commands, as a service would run them: what was refused left nothing behind.
 *
 * @param commands all that was asked, oldest first
 * @param events all that happened, oldest first
 * @param chat the fold of the events
 * @param now when the last command was made, refused or not
 */
public record Scenario(ChatPolicy policy, Seq<ChatCommand> commands, Seq<ChatEvent> events, Chat chat, Instant now) {

    /** Before anything happened. */
    public static Scenario empty(ChatPolicy policy, Instant now) {
        return new Scenario(policy, Vector.empty(), Vector.empty(), Chat.EMPTY, now);
    }

    /** What this scenario answers; asking changes nothing. */
    public Either<Rejection, Seq<ChatEvent>> decide(ChatCommand command) {
        return chat.decide(command, policy);
    }

    /** The scenario after a command. */
    public Scenario after(ChatCommand command) {
        Scenario next = with(decide(command).getOrElse(Vector.empty()));
        return new Scenario(policy, commands.append(command), next.events, next.chat, command.at());
    }

    /** The scenario after commands, one after the other. */
    public Scenario after(Iterable<? extends ChatCommand> commands) {
        Scenario scenario = this;
        for (ChatCommand command : commands) {
            scenario = scenario.after(command);
        }
        return scenario;
    }

    /** The scenario after events that hold together with its past. */
    public Scenario with(Seq<ChatEvent> more) {
        return new Scenario(policy, commands, events.appendAll(more), chat.evolve(more), now);
    }
}
