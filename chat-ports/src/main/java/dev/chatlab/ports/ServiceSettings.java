package dev.chatlab.ports;

import java.time.Duration;

/**
 * How a {@link ChatService} behaves in a crowd.
 *
 * @param deadline how long a command may take before it is answered with {@link Reply.Busy}
 * @param shortestPause the least time to wait after a conflict that a second look did not settle
 * @param longestPause the most
 * @param parallelDeliveries how many connections the service tells at the same time
 */
public record ServiceSettings(
        Duration deadline, Duration shortestPause, Duration longestPause, int parallelDeliveries) {

    /** Ten seconds is well within the 29 that API Gateway gives an integration. */
    public static final ServiceSettings DEFAULT =
            new ServiceSettings(Duration.ofSeconds(10), Duration.ofMillis(5), Duration.ofMillis(80), 64);

    public ServiceSettings {
        boolean ordered = !shortestPause.isNegative() && shortestPause.compareTo(longestPause) <= 0;
        if (!deadline.isPositive() || !ordered || parallelDeliveries < 1) {
            throw new IllegalArgumentException("no such settings: deadline " + deadline + ", pause " + shortestPause
                    + " to " + longestPause + ", parallel deliveries " + parallelDeliveries);
        }
    }
}
