package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Two windows of a real Chromium chat; one reloads, and the server restarts under both. */
@ParameterizedClass
@EnumSource(LocalChat.Store.class)
class BrowserTest {

    private static final List<String> CHROMIUM =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final List<String> DRIVER =
            List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");

    @TempDir
    private Path profiles;

    private ChromeDriver ada;
    private ChromeDriver charles;
    private final LocalChat.Store store;
    private LocalChat chat;

    BrowserTest(LocalChat.Store store) {
        this.store = store;
    }

    @BeforeEach
    void open() {
        String chromium = present(CHROMIUM);
        String driver = present(DRIVER);
        if (chromium.isEmpty() || driver.isEmpty()) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("there is no Chromium, and in CI its tests are not skipped");
            }
            System.out.println("Skipping the browser tests: there is no Chromium with its driver.");
            Assumptions.abort("no Chromium");
        }
        chat = LocalChat.start(store);
        ada = browser(chromium, driver, "ada");
        charles = browser(chromium, driver, "charles");
    }

    private static String present(List<String> paths) {
        return paths.stream()
                .filter(path -> new File(path).canExecute())
                .findFirst()
                .orElse("");
    }

    private ChromeDriver browser(String chromium, String driver, String who) {
        var options = new ChromeOptions();
        options.setBinary(chromium);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profiles.resolve(who));
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        var browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File(driver))
                        .usingAnyFreePort()
                        .build(),
                options);
        browser.manage().window().setSize(new Dimension(1440, 900));
        browser.get(chat.page().toString());
        return browser;
    }

    @AfterEach
    void close() {
        if (ada != null) {
            ada.quit();
        }
        if (charles != null) {
            charles.quit();
        }
        if (chat != null) {
            chat.close();
        }
    }

    @Test
    void twoWindowsChatThroughAReloadAndARestart() throws IOException {
        register(ada, "Ada");
        type(ada, "#room-name", "analytical engine");
        ada.findElement(By.id("open-room")).click();
        eventually(ada, "#room-title-text", "analytical engine");

        register(charles, "Charles");
        until(
                charles,
                () -> !charles.findElements(By.cssSelector("#open-rooms button"))
                        .isEmpty());
        charles.findElement(By.cssSelector("#open-rooms button")).click();
        eventually(charles, "#room-title-text", "analytical engine");
        eventually(ada, "#people", "Charles");

        say(ada, "The engine might compose elaborate pieces of music.");
        eventually(charles, "#rows", "elaborate pieces of music");
        say(charles, "<b>Then let it begin</b> with a round.");
        eventually(ada, "#rows", "<b>Then let it begin</b>");
        say(ada, "Shall we meet here every evening?");
        eventually(charles, "#rows", "every evening");
        screenshot(ada);

        charles.navigate().refresh();
        eventually(charles, "#rows", "every evening");
        say(charles, "I reloaded.");
        eventually(ada, "#rows", "I reloaded.");

        int port = chat.port();
        chat.close();
        until(ada, () -> !"online".equals(state(ada)) && !"open".equals(state(ada)));
        chat = LocalChat.startOn(port, store);
        say(ada, "Back again?");
        eventually(charles, "#rows", "Back again?");
        say(charles, "All of us.");
        eventually(ada, "#rows", "All of us.");

        assertThat(count(ada, "Back again?")).isEqualTo(1);
        assertThat(count(charles, "Back again?")).isEqualTo(1);
        assertThat(count(ada, "every evening")).isEqualTo(1);
    }

    private static String state(ChromeDriver browser) {
        return String.valueOf(browser.findElement(By.tagName("body")).getDomAttribute("data-state"));
    }

    private static int count(ChromeDriver browser, String text) {
        return browser.findElement(By.id("rows")).getText().split(java.util.regex.Pattern.quote(text), -1).length - 1;
    }

    private static void register(ChromeDriver browser, String name) {
        until(browser, () -> browser.findElement(By.id("name")).isDisplayed());
        type(browser, "#name", name);
        browser.findElement(By.id("enter")).click();
        until(browser, () -> browser.findElement(By.id("room-name")).isDisplayed());
    }

    private static void say(ChromeDriver browser, String text) {
        type(browser, "#text", text);
        browser.findElement(By.id("text")).sendKeys(Keys.ENTER);
    }

    private static void type(ChromeDriver browser, String field, String text) {
        browser.findElement(By.cssSelector(field)).sendKeys(text);
    }

    private static void eventually(ChromeDriver browser, String where, String text) {
        until(
                browser,
                () -> browser.findElement(By.cssSelector(where)).getText().contains(text));
    }

    private static void until(ChromeDriver browser, java.util.function.BooleanSupplier holds) {
        new WebDriverWait(browser, Duration.ofSeconds(40))
                .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .until(b -> holds.getAsBoolean());
    }

    /** For the README: {@code target/screenshot.png}; copied to docs by whoever wants a new one. */
    private static void screenshot(ChromeDriver browser) throws IOException {
        Files.write(Path.of("target", "screenshot.png"), browser.getScreenshotAs(OutputType.BYTES));
    }
}
