package dev.chatlab.lambda;

import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatObserver;
import dev.chatlab.ports.OutcomeUnknownException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what an operator would want to know. Never a message's text, never a key. */
final class LoggingObserver implements ChatObserver {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingObserver.class);

    @Override
    public void conflicted(Append append) {
        LOG.debug("conflict on {}", append.expected().keySet());
    }

    @Override
    public void repeated(Append append, OutcomeUnknownException lost) {
        LOG.warn(
                "answer lost, repeating append {} to {}",
                append.id().value(),
                append.expected().keySet());
    }

    @Override
    public void deliveryFailed(RuntimeException cause) {
        LOG.warn("could not tell everybody", cause);
    }
}
