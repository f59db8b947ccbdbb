package dev.chatlab.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.ports.ChatStore;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class InMemoryProviderTest {

    @Test
    void serviceLoaderFindsTheProviderByItsName() {
        assertThat(ServiceLoader.load(ChatStore.Provider.class).stream().map(ServiceLoader.Provider::get))
                .extracting(ChatStore.Provider::name)
                .containsExactly("memory");
    }

    @Test
    void openWithSameVariableReturnsTheSameStore() {
        assertThat(open(Map.of("CHAT_MEMORY", "a"))).isSameAs(open(Map.of("CHAT_MEMORY", "a", "OTHER", "b")));
    }

    @Test
    void openWithOtherVariableReturnsAnotherStore() {
        assertThat(open(Map.of("CHAT_MEMORY", "a"))).isNotSameAs(open(Map.of("CHAT_MEMORY", "b")));
    }

    @Test
    void openWithoutVariableReturnsTheStoreOfTheEmptyValue() {
        assertThat(open(Map.of())).isSameAs(open(Map.of("CHAT_MEMORY", "")));
    }

    private static ChatStore open(Map<String, String> environment) {
        return new InMemoryProvider().open(environment);
    }
}
