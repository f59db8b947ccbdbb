/** The chat store in memory. */
module dev.chatlab.inmemory {
    requires transitive dev.chatlab.ports;
    requires static transitive org.jspecify;

    exports dev.chatlab.inmemory;

    provides dev.chatlab.ports.ChatStore.Provider with
            dev.chatlab.inmemory.InMemoryProvider;
}
