package dev.chatlab.lambda;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.OutcomeUnknownException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Logs appends and failures for operators. Never logs the text of a message or a resume key. */
final class LoggingObserver implements ChatObserver {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingObserver.class);

    @Override
    public void committed(Append append) {
        withId(append, () -> LOG.debug("appended to {}", append.expected().keySet()));
    }

    @Override
    public void conflicted(Append append) {
        withId(append, () -> LOG.debug("conflict on {}", append.expected().keySet()));
    }

    @Override
    public void repeated(Append append, OutcomeUnknownException cause) {
        withId(
                append,
                () -> LOG.warn(
                        "outcome unknown, repeating the append to {}",
                        append.expected().keySet(),
                        cause));
    }

    @Override
    public void deliveryFailed(ChatEvent event, RuntimeException cause) {
        LOG.warn("an event could not be delivered", cause);
    }

    @Override
    public void disconnectFailed(ConnectionId connection, RuntimeException cause) {
        LOG.warn("gone connection {} could not be disconnected", connection, cause);
    }

    /** Logs with the append's id in the logging context. */
    private static void withId(Append append, Runnable log) {
        MDC.put("append", append.id().value());
        try {
            log.run();
        } finally {
            MDC.remove("append");
        }
    }
}
