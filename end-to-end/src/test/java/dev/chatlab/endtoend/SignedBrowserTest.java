package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.chatlab.domain.Identity;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Consistency;
import io.vavr.collection.HashSet;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./chat --auth iam}: the page signs its connection as a guest; a connection without a signature is refused. */
class SignedBrowserTest {

    @TempDir
    private Path profiles;

    private LocalChat chat;

    // JUnit sets the field before each test, which NullAway does not know.
    @SuppressWarnings("NullAway.Init")
    SignedBrowserTest() {}

    @BeforeEach
    void start() {
        chat = LocalChat.startSigned();
    }

    @AfterEach
    void stop() {
        chat.close();
    }

    @Test
    void twoWindowsHaveTwoGuestIdentitiesThatSurviveAReload() {
        Window.assumeChromium();
        try (var ada = Window.open(chat.page(), profiles.resolve("ada"));
                var charles = Window.open(chat.page(), profiles.resolve("charles"))) {
            ada.register("Ada");
            ada.openRoom("analytical engine");
            charles.register("Charles");
            charles.joinRoom("analytical engine");
            ada.write("Who signs?");
            charles.awaitText("#message-list", "Who signs?");
            String guest = identity("Ada");
            assertThat(guest).matches("us-east-1:[0-9a-f-]{36}").isNotEqualTo(identity("Charles"));

            ada.reload();
            ada.awaitText("#message-list", "Who signs?");
            ada.write("I do, as before.");
            charles.awaitText("#message-list", "as before");
            assertThat(identity("Ada")).isEqualTo(guest);

            assertThat(ada.asyncScript("""
                    const [address, done] = arguments;
                    const socket = new WebSocket(address);
                    socket.onopen = () => done('open');
                    socket.onerror = () => done('refused');
                    """, chat.socket().toString())).isEqualTo("refused");
        }
    }

    @Test
    void pageWithoutTlsShowsThatItCannotSign() {
        Window.assumeChromium();
        try (var ada = Window.open(
                URI.create("http://chat.test:" + chat.port() + "/"),
                profiles.resolve("ada"),
                "--host-resolver-rules=MAP chat.test 127.0.0.1")) {
            ada.awaitText("#connection", "only over HTTPS");
        }
    }

    @Test
    void connectionWithoutASignatureIsRefused() {
        assertThat(catchThrowable(chat::client))
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(WebSocketHandshakeException.class))
                .extracting(refused -> refused.getResponse().statusCode())
                .isEqualTo(403);
    }

    /** The identity behind the connection of a user. */
    private String identity(String name) {
        ChatStore store = chat.memory();
        var user = new UserName(name);
        var connection = store.load(HashSet.of(StreamId.of(user)), Consistency.STRICT)
                .chat()
                .reservations()
                .get(user)
                .get()
                .connection();
        return store.load(HashSet.of(StreamId.of(connection)), Consistency.STRICT)
                .chat()
                .sessions()
                .get(connection)
                .get()
                .identity()
                .map(Identity::value)
                .getOrElse("none");
    }
}
