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

/** Two windows of a real Chromium chat through a reload and a restart of the server with an empty store. */
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
    void messagesArriveOnceThroughAReloadAndARestart() throws IOException {
        ada.register("Ada Lovelace");
        ada.openRoom("analytical engine");
        ada.openRoom("bernoulli numbers");
        ada.click("#rooms [data-room='analytical engine']");

        charles.register("Charles Babbage");
        charles.joinRoom("analytical engine");
        ada.awaitText("#members", "Charles Babbage");
        Client mary = chat.registered("Mary Somerville");
        mary.send("action", "new-room", "value", "tea at four");
        mary.send("action", "new-room", "value", "royal society");
        mary.send("action", "join-room", "value", "analytical engine");
        mary.send("action", "join-room", "value", "bernoulli numbers");
        ada.awaitText("#members", "Mary Somerville");
        ada.awaitText("#open-rooms", "tea at four");
        ada.awaitText("#open-rooms", "royal society");

        charles.write("The mill is drawn: fifty digits, and a carriage that carries in one turn.");
        ada.awaitText("#message-list", "carries in one turn");
        ada.write("The engine might compose elaborate pieces of music of any degree of complexity.");
        charles.awaitText("#message-list", "any degree of complexity");
        charles.write("Then let it begin with a round.");
        ada.awaitText("#message-list", "with a round");
        mary.send("action", "dispatch", "room", "analytical engine", "value", "And who will print the score?");
        ada.awaitText("#message-list", "print the score");
        ada.write("It punches its own cards:\n  1. the theme\n  2. the variations");
        ada.write("Shall we meet here every evening?");
        charles.awaitText("#message-list", "every evening");
        mary.send("action", "dispatch", "room", "bernoulli numbers", "value", "B8 is -1/30.");
        ada.awaitText("#rooms [data-room='bernoulli numbers'] .badge", "1");
        // The source of docs/screenshot.png, which is copied by hand.
        Files.write(Path.of("target", "screenshot.png"), ada.screenshot());
        ada.assertNoWarnings();

        charles.write("<b>No markup</b>");
        ada.awaitText("#message-list", "<b>No markup</b>");
        charles.reload();
        charles.awaitText("#message-list", "every evening");
        charles.write("I reloaded.");
        ada.awaitText("#message-list", "I reloaded.");

        int port = chat.port();
        chat.close();
        ada.until(() -> !"online".equals(ada.status()) && !"open".equals(ada.status()));
        chat = LocalChat.startOn(port, store);
        ada.write("Back again?");
        charles.awaitText("#message-list", "Back again?");
        charles.write("All of us.");
        ada.awaitText("#message-list", "All of us.");

        assertThat(ada.count("Back again?")).isEqualTo(1);
        assertThat(charles.count("Back again?")).isEqualTo(1);
        assertThat(ada.count("every evening")).isEqualTo(1);
    }
}
