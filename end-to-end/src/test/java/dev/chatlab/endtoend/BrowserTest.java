package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Two windows of a real Chromium chat; one reloads, and the server restarts under both. */
@ParameterizedClass
@EnumSource(LocalChat.Store.class)
class BrowserTest {

    @TempDir
    private Path profiles;

    private Window ada;
    private Window charles;
    private final LocalChat.Store store;
    private LocalChat chat;

    BrowserTest(LocalChat.Store store) {
        this.store = store;
    }

    @BeforeEach
    void open() {
        Window.assumeChromium();
        chat = LocalChat.start(store);
        ada = Window.open(chat.page(), profiles.resolve("ada"));
        charles = Window.open(chat.page(), profiles.resolve("charles"));
    }

    @AfterEach
    void close() {
        if (ada != null) {
            ada.close();
        }
        if (charles != null) {
            charles.close();
        }
        if (chat != null) {
            chat.close();
        }
    }

    @Test
    void twoWindowsChatThroughAReloadAndARestart() throws IOException {
        ada.register("Ada");
        ada.openRoom("analytical engine");

        charles.register("Charles");
        charles.joinRoom("analytical engine");
        ada.eventually("#people", "Charles");

        ada.say("The engine might compose elaborate pieces of music.");
        charles.eventually("#rows", "elaborate pieces of music");
        charles.say("<b>Then let it begin</b> with a round.");
        ada.eventually("#rows", "<b>Then let it begin</b>");
        ada.say("Shall we meet here every evening?");
        charles.eventually("#rows", "every evening");
        screenshot(ada);

        charles.reload();
        charles.eventually("#rows", "every evening");
        charles.say("I reloaded.");
        ada.eventually("#rows", "I reloaded.");

        int port = chat.port();
        chat.close();
        ada.until(() -> !"online".equals(ada.state()) && !"open".equals(ada.state()));
        chat = LocalChat.startOn(port, store);
        ada.say("Back again?");
        charles.eventually("#rows", "Back again?");
        charles.say("All of us.");
        ada.eventually("#rows", "All of us.");

        assertThat(ada.count("Back again?")).isEqualTo(1);
        assertThat(charles.count("Back again?")).isEqualTo(1);
        assertThat(ada.count("every evening")).isEqualTo(1);
    }

    /** For the README: {@code target/screenshot.png}; copied to docs by whoever wants a new one. */
    private static void screenshot(Window window) throws IOException {
        Files.write(Path.of("target", "screenshot.png"), window.screenshot());
    }
}
