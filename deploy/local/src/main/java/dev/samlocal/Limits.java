package dev.samlocal;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * The limits of a WebSocket API. The defaults are API Gateway's quotas; where API Gateway documents none, they are generous.
 *
 * @param maxFrameBytes the largest frame either way; a larger one closes the connection with 1009
 * @param maxMessageBytes the largest message either way, all frames together
 * @param idle a connection without a message in either direction for so long closes with 1001
 * @param lifetime a connection that is so old closes with 1001
 * @param maxQueuedBytes the most that may wait for a slow reader; beyond it {@code @connections} responds 429
 * @param writeTimeout a client that leaves a frame unread for so long is disconnected
 * @param closeTimeout a client that leaves a close frame unanswered for so long is disconnected
 * @param stopTimeout the most time that stopping the gateway may take, {@code $disconnect} handlers included
 */
@Value.Builder
public record Limits(
        int maxFrameBytes,
        int maxMessageBytes,
        Duration idle,
        Duration lifetime,
        int maxQueuedBytes,
        Duration writeTimeout,
        Duration closeTimeout,
        Duration stopTimeout)
        implements WithLimits {

    /** 32 KB a frame, 128 KB a message, 10 minutes idle, 2 hours in all. */
    public static final Limits API_GATEWAY = new Limits(
            32 * 1024,
            128 * 1024,
            Duration.ofMinutes(10),
            Duration.ofHours(2),
            1024 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));
}
