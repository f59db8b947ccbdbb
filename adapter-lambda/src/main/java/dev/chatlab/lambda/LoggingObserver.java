package dev.chatlab.lambda;

import dev.chatlab.application.ChatObserver;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.OutcomeUnknownException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** TransactionItems down what an operator would want to know. Never a message's text, never a key. */
final class LoggingObserver implements ChatObserver {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingObserver.class);

    @Override
    public void committed(Append append) {
        about(append, () -> LOG.debug("appended to {}", append.expected().keySet()));
    }

    @Override
    public void conflicted(Append append) {
        about(append, () -> LOG.debug("conflict on {}", append.expected().keySet()));
    }

    @Override
    public void repeated(Append append, OutcomeUnknownException lost) {
        about(
                append,
                () -> LOG.warn(
                        "answer lost, repeating the append to {}",
                        append.expected().keySet(),
                        lost));
    }

    @Override
    public void deliveryFailed(ChatEvent event, RuntimeException cause) {
        LOG.warn("an event could not be delivered", cause);
    }

    @Override
    public void disconnectFailed(ConnectionId connection, RuntimeException cause) {
        LOG.warn("gone connection {} could not be disconnected", connection, cause);
    }

    private static void about(Append append, Runnable log) {
        MDC.put("append", append.id().value());
        try {
            log.run();
        } finally {
            MDC.remove("append");
        }
    }
}
