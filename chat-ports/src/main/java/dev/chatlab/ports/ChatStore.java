package dev.chatlab.ports;

import java.util.Map;

/** Everything that the chat stores: the events, the message history and the read models. */
public interface ChatStore extends EventStore, History, ReadModels {

    /** Opens one kind of store by configuration. Found by {@link java.util.ServiceLoader}. */
    interface Provider {

        /** The name of this kind of store in a configuration, for example {@code dynamodb}. */
        String name();

        /**
         * Opens a store.
         *
         * @param environment environment variables; each provider documents its own
         * @throws IllegalArgumentException if a variable is missing or wrong; the message names it
         */
        ChatStore open(Map<String, String> environment);
    }
}
