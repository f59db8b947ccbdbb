package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in one browser: by keyboard, on a phone, without TLS, by a link, and while other users send messages. */
class PageTest {

    @TempDir
    private Path profiles;

    private LocalChat chat;
    private Window ada;
    private Client ben;

    @BeforeEach
    void open() {
        Window.assumeChromium();
        chat = LocalChat.startForAnyPage();
        ada = Window.open(chat.page(), profiles.resolve("ada"));
        ben = chat.registered("Ben");
        ben.send("action", "new-room", "value", "hall");
        ben.await("ack");
    }

    @AfterEach
    void close() {
        if (ada != null) {
            ada.close();
        }
        if (chat != null) {
            chat.close();
        }
    }

    @Test
    void signInRoomsAndMessagesWorkByKeyboardAlone() {
        ada.until(() -> "name".equals(ada.focusedId()));
        ada.press("Ben", Keys.ENTER);
        ada.awaitText("#name-error", "already in use");
        assertThat(ada.focusedId()).isEqualTo("name");
        ada.press(Keys.BACK_SPACE);
        ada.until(() -> ada.text("#name-error").isEmpty());
        ada.press("t", Keys.ENTER);
        ada.until(() -> "room-name".equals(ada.focusedId()));
        ada.awaitText("#user-name", "Bet");

        ada.press("library", Keys.ENTER);
        ada.awaitText("#room-title-text", "library");
        ada.until(() -> "text".equals(ada.focusedId()));
        ada.press("first line", Keys.chord(Keys.SHIFT, Keys.ENTER), "second line", Keys.ENTER, "another", Keys.ENTER);
        ada.awaitText("#message-list", "first line\nsecond line");
        ada.awaitText("#message-list", "another");
        assertThat(ada.script("return document.querySelectorAll('.message').length"))
                .isEqualTo("2");

        ada.press(Keys.chord(Keys.SHIFT, Keys.TAB)); // to the messages, which can be scrolled by keyboard
        assertThat(ada.focusedId()).isEqualTo("messages");
        ada.press(Keys.chord(Keys.SHIFT, Keys.TAB));
        assertThat(ada.focusedId()).isEqualTo("leave");
        ada.press(Keys.ENTER);
        ada.until(() -> ada.shown("#leave-dialog"));
        ada.press(Keys.ESCAPE);
        ada.until(() -> !ada.shown("#leave-dialog"));
        assertThat(ada.text("#room-title-text")).isEqualTo("library");

        ada.find("#room-name").sendKeys("HAL");
        ada.until(() -> ada.text("#open-rooms").contains("hall") && !ada.shown("#rooms"));
        ada.press(Keys.ARROW_DOWN);
        ada.press(Keys.ENTER);
        ada.awaitText("#room-title-text", "hall");
        ada.until(() -> "text".equals(ada.focusedId()));
        assertThat(ben.await("member-joined")).containsEntry("user", "Bet");
        ada.assertNoWarnings();
    }

    @Test
    void pageFitsAPhoneScreen() {
        ada.emulatePhone();
        ada.until(() -> ada.shown("#name"));
        ada.assertFits();
        ada.register("W".repeat(32));
        for (int i = 0; i < 3; i++) {
            ben.send("action", "new-room", "value", "M".repeat(31) + i);
            ben.await("ack");
        }
        ada.awaitText("#open-rooms", "M".repeat(31) + 2);
        ada.assertFits();

        ada.joinRoom("hall");
        ben.send("action", "dispatch", "room", "hall", "value", "https://example.org/" + "x".repeat(500));
        ada.awaitText("#message-list", "xxx");
        assertThat(ada.shown("#rooms-pane")).isFalse();
        ada.assertFits();

        ada.click("#show-members");
        ada.until(() -> "hide-members".equals(ada.focusedId()));
        ada.awaitText("#members", "Ben");
        ada.assertFits();
        ada.press(Keys.ESCAPE);
        ada.until(() -> "show-members".equals(ada.focusedId()));

        ada.click("#back");
        ada.until(() -> ada.shown("#rooms-pane"));
        ben.send("action", "dispatch", "room", "hall", "value", "Are you there?");
        ada.awaitText("#rooms .badge", "1");
        ada.click("#rooms button");
        ada.awaitText("#message-list .divider", "New");
        ada.assertNoWarnings();
    }

    /** A page from another host without TLS, as with {@code ./chat --host}, has no crypto.randomUUID and no clipboard. */
    @Test
    void messageIsSentFromAPageWithoutTls() {
        ada.close();
        ada = Window.open(
                URI.create("http://chat.test:" + chat.port() + "/"),
                profiles.resolve("other-host"),
                "--host-resolver-rules=MAP chat.test 127.0.0.1");
        assertThat(ada.script("return isSecureContext")).isEqualTo("false");
        ada.register("Ada");
        ada.joinRoom("hall");

        ada.write("From another machine.");

        assertThat(ben.await("client-message")).containsEntry("message", "From another machine.");
        ada.assertNoWarnings();
    }

    @Test
    void scrollPositionIsKeptWhenMessagesArrive() {
        ada.register("Ada");
        ada.joinRoom("hall");
        for (int i = 0; i < 60; i++) {
            ben.send("action", "dispatch", "room", "hall", "value", "message " + i, "id", "m" + i);
            ben.await("ack");
        }
        ada.awaitText("#message-list", "message 59");
        assertThat(ada.shown("#new-messages")).isFalse();

        ada.script("document.getElementById('messages').scrollTop = 0");
        ada.awaitText("#new-messages", "Latest messages");
        ben.send("action", "dispatch", "room", "hall", "value", "late");
        ada.awaitText("#new-messages", "1 new message");
        assertThat(ada.script("return document.getElementById('messages').scrollTop"))
                .isEqualTo("0");

        ada.click("#new-messages");
        ada.until(() -> !ada.shown("#new-messages"));
        assertThat(ada.script("const log = document.getElementById('messages');"
                        + "return log.scrollHeight - log.scrollTop - log.clientHeight < 2"))
                .isEqualTo("true");
    }

    @Test
    void linkToARoomJoinsTheRoom() {
        ada.close();
        ada = Window.open(URI.create(chat.page() + "#hall"), profiles.resolve("invited"));
        ada.awaitText("#invitation", "hall");

        ada.register("Ada");

        ada.awaitText("#room-title-text", "hall");
        assertThat(ben.await("member-joined")).containsEntry("user", "Ada");
    }
}
