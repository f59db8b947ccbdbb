package dev.chatlab.inmemory;

import dev.chatlab.ports.ChatStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Opens the store {@code memory}: one for each value of {@code CHAT_MEMORY}, shared by all of the process. */
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
