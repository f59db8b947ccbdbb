package dev.chatlab.domain;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * The settings of a chat that an application may choose.
 *
 * @param connectionLifetime the longest life of a connection; a name reservation expires this long after the connection opened
 * @param maxRoomsPerConnection the largest number of rooms that a connection may be in at once, at least 1
 * @param closeEmptyRooms whether a room is closed when its last member leaves
 * @param historyOnJoin how many of the last messages a joining member receives, 0 or more
 */
@Value.Builder
public record ChatPolicy(
        Duration connectionLifetime, int maxRoomsPerConnection, boolean closeEmptyRooms, int historyOnJoin)
        implements WithChatPolicy {

    /** A lifetime of 135 minutes: API Gateway closes every WebSocket after two hours, and clocks may differ. */
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
