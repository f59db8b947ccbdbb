package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may open a connection: the chat's own page under every name of this machine, and no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginTest {

    private LocalChat chat;

    @BeforeAll
    void start() {
        chat = LocalChat.start();
    }

    @AfterAll
    void stop() {
        chat.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:", "http://127.0.0.1:"})
    void ownPageConnects(String origin) {
        WebSocket socket = connect(origin + chat.port());

        assertThat(socket.isInputClosed()).isFalse();
        socket.abort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://localhost:1", "https://localhost", "null"})
    void foreignPageIsRejected(String origin) {
        assertThat(catchThrowable(() -> connect(origin)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(WebSocketHandshakeException.class))
                .extracting(rejected -> rejected.getResponse().statusCode())
                .isEqualTo(403);
    }

    @Test
    void clientWithoutOriginConnects() {
        Client program = chat.registered("Program");

        assertThat(program.isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Hosting, enabled, https://distribution.domainname, https://chat.example",
        "AllowedOrigins, https://chat.example, https://chat.example, https://evil.example",
        "AllowedOrigins, https://chat.example, https://distribution.domainname, https://evil.example",
        "AllowedOrigins, *, https://evil.example,",
        "Hosting, disabled, , https://distribution.domainname"
    })
    void stageVariableOfAParameterDecidesWhichPagesConnect(
            String parameter, String value, @Nullable String allowed, @Nullable String rejected) {
        try (var deployed = LocalChat.startWithParameter(parameter, value)) {
            if (allowed != null) {
                connect(deployed, allowed).abort();
            }
            if (rejected != null) {
                assertThat(catchThrowable(() -> connect(deployed, rejected)))
                        .cause()
                        .asInstanceOf(InstanceOfAssertFactories.type(WebSocketHandshakeException.class))
                        .extracting(handshake -> handshake.getResponse().statusCode())
                        .isEqualTo(403);
            }
        }
    }

    private WebSocket connect(String origin) {
        return connect(chat, origin);
    }

    private static WebSocket connect(LocalChat chat, String origin) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Origin", origin)
                .buildAsync(chat.socket(), new WebSocket.Listener() {})
                .join();
    }
}
