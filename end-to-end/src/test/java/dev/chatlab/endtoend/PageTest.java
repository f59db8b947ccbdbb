package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in somebody's hands: by keyboard alone, on a phone, away from TLS, while others talk. */
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
    void isUsedByKeyboardAlone() {
        ada.until(() -> "name".equals(ada.focus()));
        ada.press("Ben", Keys.ENTER);
        ada.eventually("#name-error", "has that name already");
        assertThat(ada.focus()).isEqualTo("name");
        ada.press(Keys.BACK_SPACE);
        ada.until(() -> ada.text("#name-error").isEmpty());
        ada.press("t", Keys.ENTER);
        ada.until(() -> "room-name".equals(ada.focus()));
        ada.eventually("#me-name", "Bet");

        ada.press("library", Keys.ENTER);
        ada.eventually("#room-title-text", "library");
        ada.until(() -> "text".equals(ada.focus()));
        ada.press("first line", Keys.chord(Keys.SHIFT, Keys.ENTER), "second line", Keys.ENTER, "another", Keys.ENTER);
        ada.eventually("#rows", "first line\nsecond line");
        ada.eventually("#rows", "another");
        assertThat(ada.script("return document.querySelectorAll('.message').length"))
                .isEqualTo("2");

        ada.press(Keys.chord(Keys.SHIFT, Keys.TAB)); // the messages, to scroll
        assertThat(ada.focus()).isEqualTo("messages");
        ada.press(Keys.chord(Keys.SHIFT, Keys.TAB));
        assertThat(ada.focus()).isEqualTo("leave");
        ada.press(Keys.ENTER);
        ada.until(() -> ada.shown("#closing"));
        ada.press(Keys.ESCAPE);
        ada.until(() -> !ada.shown("#closing"));
        assertThat(ada.text("#room-title-text")).isEqualTo("library");

        ada.find("#room-name").sendKeys("HAL");
        ada.until(() -> ada.text("#open-rooms").contains("hall") && !ada.shown("#rooms"));
        ada.press(Keys.ARROW_DOWN);
        ada.press(Keys.ENTER);
        ada.eventually("#room-title-text", "hall");
        ada.until(() -> "text".equals(ada.focus()));
        assertThat(ben.await("member-joined")).containsEntry("user", "Bet");
        ada.assertNoComplaints();
    }

    @Test
    void fitsAPhone() {
        ada.phone();
        ada.until(() -> ada.shown("#name"));
        ada.assertFits();
        ada.register("W".repeat(32));
        for (int i = 0; i < 3; i++) {
            ben.send("action", "new-room", "value", "M".repeat(31) + i);
            ben.await("ack");
        }
        ada.eventually("#open-rooms", "M".repeat(31) + 2);
        ada.assertFits();

        ada.joinRoom("hall");
        ben.send("action", "dispatch", "room", "hall", "value", "https://example.org/" + "x".repeat(500));
        ada.eventually("#rows", "xxx");
        assertThat(ada.shown("#rooms-pane")).isFalse();
        ada.assertFits();

        ada.click("#show-people");
        ada.until(() -> "hide-people".equals(ada.focus()));
        ada.eventually("#people", "Ben");
        ada.assertFits();
        ada.press(Keys.ESCAPE);
        ada.until(() -> "show-people".equals(ada.focus()));

        ada.click("#back");
        ada.until(() -> ada.shown("#rooms-pane"));
        ben.send("action", "dispatch", "room", "hall", "value", "Are you there?");
        ada.eventually("#rooms .badge", "1");
        ada.click("#rooms button");
        ada.eventually("#rows .divider", "New");
        ada.assertNoComplaints();
    }

    /** Where a page has neither crypto.randomUUID nor a clipboard: another machine's, at {@code ./chat --host}. */
    @Test
    void talksWithoutTls() {
        ada.close();
        ada = Window.open(
                URI.create("http://chat.test:" + chat.port() + "/"),
                profiles.resolve("elsewhere"),
                "--host-resolver-rules=MAP chat.test 127.0.0.1");
        assertThat(ada.script("return isSecureContext")).isEqualTo("false");
        ada.register("Ada");
        ada.joinRoom("hall");

        ada.say("From another machine.");

        assertThat(ben.await("client-message")).containsEntry("message", "From another machine.");
        ada.assertNoComplaints();
    }

    @Test
    void keepsItsPlaceWhileOthersTalk() {
        ada.register("Ada");
        ada.joinRoom("hall");
        for (int i = 0; i < 60; i++) {
            ben.send("action", "dispatch", "room", "hall", "value", "message " + i, "id", "m" + i);
            ben.await("ack");
        }
        ada.eventually("#rows", "message 59");
        assertThat(ada.shown("#new-messages")).isFalse();

        ada.script("document.getElementById('messages').scrollTop = 0");
        ada.eventually("#new-messages", "To the latest");
        ben.send("action", "dispatch", "room", "hall", "value", "late");
        ada.eventually("#new-messages", "1 new message");
        assertThat(ada.script("return document.getElementById('messages').scrollTop"))
                .isEqualTo("0");

        ada.click("#new-messages");
        ada.until(() -> !ada.shown("#new-messages"));
        assertThat(ada.script("const log = document.getElementById('messages');"
                        + "return log.scrollHeight - log.scrollTop - log.clientHeight < 2"))
                .isEqualTo("true");
    }

    @Test
    void aLinkLeadsIntoItsRoom() {
        ada.close();
        ada = Window.open(URI.create(chat.page() + "#hall"), profiles.resolve("invited"));
        ada.eventually("#invited", "hall");

        ada.register("Ada");

        ada.eventually("#room-title-text", "hall");
        assertThat(ben.await("member-joined")).containsEntry("user", "Ada");
    }
}
