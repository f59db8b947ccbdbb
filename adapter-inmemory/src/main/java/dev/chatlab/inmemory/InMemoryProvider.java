package dev.chatlab.inmemory;

import dev.chatlab.ports.ChatStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The provider of the store {@code memory}. There is one store for each value of the variable {@code CHAT_MEMORY} (empty if it is
 * missing), and all callers in the process share it.
 */
public final class InMemoryProvider implements ChatStore.Provider {

    private static final Map<String, ChatStore> STORES = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public ChatStore open(Map<String, String> environment) {
        return STORES.computeIfAbsent(environment.getOrDefault("CHAT_MEMORY", ""), key -> new InMemoryChatStore());
    }
}
