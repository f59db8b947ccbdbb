package dev.chatlab.domain;

import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/**
 * A user name in use: the state of a {@code user/…} stream.
 *
 * @param connection who holds it
 * @param key what must be shown to take it over
 * @param lapses when it lapses by itself, so that a lost disconnect never locks a name for ever
 */
@Value.Builder
public record Claim(UserName user, ConnectionId connection, ResumeKey.Digest key, Instant lapses) implements WithClaim {

    static Option<Claim> evolve(ChatEvent.OfClaim event) {
        return switch (event) {
            case ChatEvent.UserRegistered e -> Option.some(new Claim(e.user(), e.connection(), e.key(), e.lapses()));
            case ChatEvent.Disconnected e -> Option.none();
        };
    }

    /** Whether this command may have the name although somebody holds it. */
    boolean yieldsTo(ChatCommand.RegisterUser command) {
        return key.equals(command.key().digest()) || !command.at().isBefore(lapses);
    }
}
