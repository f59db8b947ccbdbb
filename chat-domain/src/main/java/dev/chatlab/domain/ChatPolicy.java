package dev.chatlab.domain;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * What an application may decide about its chat.
 *
 * @param connectionLifetime how long a connection can live; a claim on a user name lapses after it
 * @param maxRoomsPerConnection how many rooms a connection may be in at once, at least 1
 * @param closeEmptyRooms whether the last member to leave closes the room
 * @param historyOnJoin how many messages somebody sees who joins without saying since when, 0 or more
 */
@Value.Builder
public record ChatPolicy(
        Duration connectionLifetime, int maxRoomsPerConnection, boolean closeEmptyRooms, int historyOnJoin)
        implements WithChatPolicy {

    /** API Gateway closes every WebSocket after two hours; a quarter of an hour is the margin for its clocks and ours. */
    public static final ChatPolicy DEFAULT = new ChatPolicy(Duration.ofMinutes(135), 20, true, 50);

    public ChatPolicy {
        require(connectionLifetime.isPositive(), "connectionLifetime must be positive");
        require(maxRoomsPerConnection >= 1, "maxRoomsPerConnection must be at least 1");
        require(historyOnJoin >= 0, "historyOnJoin must not be negative");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
