package dev.chatlab.domain;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.time.Instant;
import org.immutables.value.Value;

/**
 * An open connection: the state of a {@code connection/…} stream.
 *
 * @param connectedAt the time at which the host accepted the connection
 * @param identity the verified identity, if the host verified one
 * @param user the user name that the connection reserved
 * @param rooms the rooms that the connection is a member of
 */
@Value.Builder
public record Session(
        ConnectionId connection,
        Instant connectedAt,
        Option<Identity> identity,
        Option<UserName> user,
        Set<RoomName> rooms)
        implements WithSession {

    static Option<Session> evolve(Option<Session> session, ChatEvent.OfSession event) {
        return switch (event) {
            case ChatEvent.Connected e ->
                Option.some(new Session(e.connection(), e.at(), e.identity(), Option.none(), HashSet.empty()));
            case ChatEvent.UserRegistered e -> session.map(s -> s.withUser(Option.some(e.user())));
            case ChatEvent.RoomCreated e -> session.map(s -> s.withRooms(s.rooms.add(e.room())));
            case ChatEvent.RoomJoined e -> session.map(s -> s.withRooms(s.rooms.add(e.room())));
            case ChatEvent.RoomLeft e -> session.map(s -> s.withRooms(s.rooms.remove(e.room())));
            case ChatEvent.Disconnected e -> Option.none();
        };
    }
}
