package dev.chatlab.domain;

import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/**
 * A reserved user name: the state of a {@code user/…} stream.
 *
 * @param connection the connection that holds the name
 * @param key the digest of the resume key that takes the name over
 * @param expiresAt from this time on, any connection can take the name over; so a disconnect that was never reported does not lock
 *     the name for ever
 */
@Value.Builder
public record NameReservation(UserName user, ConnectionId connection, ResumeKey.Digest key, Instant expiresAt)
        implements WithNameReservation {

    static Option<NameReservation> evolve(ChatEvent.OfReservation event) {
        return switch (event) {
            case ChatEvent.UserRegistered e ->
                Option.some(new NameReservation(e.user(), e.connection(), e.key(), e.expiresAt()));
            case ChatEvent.Disconnected e -> Option.none();
        };
    }

    /** Whether this command may take the name over: it contains the key, or the reservation has expired. */
    boolean canBeTakenOverBy(ChatCommand.RegisterUser command) {
        return key.equals(command.key().digest()) || !command.at().isBefore(expiresAt);
    }
}
