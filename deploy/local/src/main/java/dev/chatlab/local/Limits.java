package dev.chatlab.local;

import java.time.Duration;

/**
 * What a WebSocket API allows; the defaults are API Gateway's quotas, and those that API Gateway does not document
 * are generous.
 *
 * @param maxFrameBytes the largest frame either way; a larger one closes the connection with 1009
 * @param maxMessageBytes the largest message either way, in however many frames
 * @param idle how long a connection may go without a message in either direction before it closes with 1001
 * @param lifetime how long a connection may last in all before it closes with 1001
 * @param maxQueuedBytes how much may wait for a client that reads slowly; beyond it, {@code @connections} answers 429
 * @param writeTimeout how long a client may leave one frame unread before its connection is cut
 * @param closeTimeout how long a client may take to answer a close before its connection is cut
 * @param stopTimeout how long the gateway's end may take, {@code $disconnect} handlers included
 */
public record Limits(
        int maxFrameBytes,
        int maxMessageBytes,
        Duration idle,
        Duration lifetime,
        int maxQueuedBytes,
        Duration writeTimeout,
        Duration closeTimeout,
        Duration stopTimeout) {

    /** API Gateway's quotas: 32 KB a frame, 128 KB a message, 10 minutes idle, 2 hours in all. */
    public static final Limits API_GATEWAY = new Limits(
            32 * 1024,
            128 * 1024,
            Duration.ofMinutes(10),
            Duration.ofHours(2),
            1024 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));

    /** These limits with another idle timeout. */
    public Limits withIdle(Duration newIdle) {
        return new Limits(
                maxFrameBytes,
                maxMessageBytes,
                newIdle,
                lifetime,
                maxQueuedBytes,
                writeTimeout,
                closeTimeout,
                stopTimeout);
    }

    /** These limits with another lifetime. */
    public Limits withLifetime(Duration newLifetime) {
        return new Limits(
                maxFrameBytes,
                maxMessageBytes,
                idle,
                newLifetime,
                maxQueuedBytes,
                writeTimeout,
                closeTimeout,
                stopTimeout);
    }

    /** These limits with another patience for clients that do not read. */
    public Limits withWriteTimeout(Duration newWriteTimeout) {
        return new Limits(
                maxFrameBytes,
                maxMessageBytes,
                idle,
                lifetime,
                maxQueuedBytes,
                newWriteTimeout,
                closeTimeout,
                stopTimeout);
    }

    /** These limits with another patience for {@code $disconnect} handlers when the gateway stops. */
    public Limits withStopTimeout(Duration newStopTimeout) {
        return new Limits(
                maxFrameBytes,
                maxMessageBytes,
                idle,
                lifetime,
                maxQueuedBytes,
                writeTimeout,
                closeTimeout,
                newStopTimeout);
    }
}
