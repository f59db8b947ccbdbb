package dev.chatlab.ports;

import java.util.Map;

/** Everything the chat keeps: the events, and what is read from them. */
public interface ChatStore extends EventStore, History, Directory {

    /** Found by {@link java.util.ServiceLoader}: how a kind of store is opened. */
    interface Provider {

        /** The kind's name in a configuration. */
        String name();

        /**
         * A store as the environment describes it.
         *
         * @throws IllegalArgumentException naming the variable that is missing or wrong
         */
        ChatStore open(Map<String, String> environment);
    }
}
