package dev.chatlab.domain;

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
public record World(ChatPolicy policy, Seq<ChatCommand> commands, Seq<ChatEvent> events, Chat chat, Instant now) {

    /** Before anything happened. */
    public static World empty(ChatPolicy policy, Instant now) {
        return new World(policy, Vector.empty(), Vector.empty(), Chat.EMPTY, now);
    }

    /** What this world answers; asking changes nothing. */
    public Either<Rejection, Seq<ChatEvent>> decide(ChatCommand command) {
        return chat.decide(command, policy);
    }

    /** The world after a command. */
    public World after(ChatCommand command) {
        World next = with(decide(command).getOrElse(Vector.empty()));
        return new World(policy, commands.append(command), next.events, next.chat, command.at());
    }

    /** The world after commands, one after the other. */
    public World after(Iterable<? extends ChatCommand> commands) {
        World world = this;
        for (ChatCommand command : commands) {
            world = world.after(command);
        }
        return world;
    }

    /** The world after events that hold together with its past. */
    public World with(Seq<ChatEvent> more) {
        return new World(policy, commands, events.appendAll(more), chat.evolve(more), now);
    }
}
