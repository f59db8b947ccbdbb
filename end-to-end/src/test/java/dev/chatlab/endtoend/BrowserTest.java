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
@EnumSource(
        value = LocalChat.Store.class,
        names = {"MEMORY", "DYNAMODB"})
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
        ada.register("Ada Lovelace");
        ada.openRoom("analytical engine");
        ada.openRoom("bernoulli numbers");
        ada.click("#rooms [data-room='analytical engine']");

        charles.register("Charles Babbage");
        charles.joinRoom("analytical engine");
        ada.eventually("#people", "Charles Babbage");
        Client mary = chat.registered("Mary Somerville");
        mary.send("action", "new-room", "value", "tea at four");
        mary.send("action", "new-room", "value", "royal society");
        mary.send("action", "join-room", "value", "analytical engine");
        mary.send("action", "join-room", "value", "bernoulli numbers");
        ada.eventually("#people", "Mary Somerville");
        ada.eventually("#open-rooms", "tea at four");
        ada.eventually("#open-rooms", "royal society");

        charles.say("The mill is drawn: fifty digits, and a carriage that carries in one turn.");
        ada.eventually("#rows", "carries in one turn");
        ada.say("The engine might compose elaborate pieces of music of any degree of complexity.");
        charles.eventually("#rows", "any degree of complexity");
        charles.say("Then let it begin with a round.");
        ada.eventually("#rows", "with a round");
        mary.send("action", "dispatch", "room", "analytical engine", "value", "And who will print the score?");
        ada.eventually("#rows", "print the score");
        ada.say("It punches its own cards:\n  1. the theme\n  2. the variations");
        ada.say("Shall we meet here every evening?");
        charles.eventually("#rows", "every evening");
        mary.send("action", "dispatch", "room", "bernoulli numbers", "value", "B8 is -1/30.");
        ada.eventually("#rooms [data-room='bernoulli numbers'] .badge", "1");
        // For the README: copied to docs by whoever wants a new one.
        Files.write(Path.of("target", "screenshot.png"), ada.screenshot());
        ada.assertNoComplaints();

        charles.say("<b>No markup</b>");
        ada.eventually("#rows", "<b>No markup</b>");
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
}
