package dev.chatlab.domain;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * The settings of a chat, chosen by the application.
 *
 * @param connectionLifetime the longest time that a connection stays open, more than 0; a name reservation expires this long after
 *     its connection was opened
 * @param maxRoomsPerConnection the largest number of rooms that a connection may be in at once, at least 1
 * @param closeEmptyRooms whether a room is closed when its last member leaves
 * @param historyOnJoin how many of the latest messages a connection receives when it joins a room, 0 or more
 */
@Value.Builder
public record ChatPolicy(
        Duration connectionLifetime, int maxRoomsPerConnection, boolean closeEmptyRooms, int historyOnJoin)
        implements WithChatPolicy {

    /**
     * The default settings. The connection lifetime is 135 minutes, because API Gateway closes every WebSocket after two hours and
     * the clocks of hosts may differ.
     */
    public static final ChatPolicy DEFAULT = new ChatPolicy(Duration.ofMinutes(135), 20, true, 50);

    public ChatPolicy {
        require(connectionLifetime.isPositive(), "connectionLifetime must be positive");
        require(maxRoomsPerConnection >= 1, "maxRoomsPerConnection must be at least 1");
        require(historyOnJoin >= 0, "historyOnJoin must not be negative");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
