package dev.chatlab.application;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * How a {@link ChatService} deals with contention and delivery.
 *
 * @param deadline how long a command may wait and retry before it is answered with {@link Reply.Busy}
 * @param shortestPause the shortest backoff after a repeated conflict
 * @param longestPause the longest backoff
 * @param parallelDisconnects how many gone connections are disconnected at the same time
 * @param ordered whether the events of a room reach the gateway in commit order. Off, deliveries of one room may overlap, which
 *     suits a gateway that blocks for long, such as API Gateway's
 */
@Value.Builder
public record ServiceSettings(
        Duration deadline, Duration shortestPause, Duration longestPause, int parallelDisconnects, boolean ordered)
        implements WithServiceSettings {

    /** A deadline of ten seconds is well within the 29 seconds that API Gateway gives an integration. */
    public static final ServiceSettings DEFAULT =
            new ServiceSettings(Duration.ofSeconds(10), Duration.ofMillis(5), Duration.ofMillis(80), 64, true);

    public ServiceSettings {
        require(deadline.isPositive(), "deadline must be positive: " + deadline);
        require(
                !shortestPause.isNegative() && shortestPause.compareTo(longestPause) <= 0,
                "pauses must be in order and not negative: " + shortestPause + " to " + longestPause);
        require(parallelDisconnects >= 1, "parallelDisconnects must be at least 1: " + parallelDisconnects);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
