package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a window of a real Chromium, and somebody in front of it. */
final class Window implements AutoCloseable {

    private static final List<String> CHROMIUM =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final List<String> DRIVER =
            List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ChromeDriver browser;

    private Window(ChromeDriver browser) {
        this.browser = browser;
    }

    /** Ends the test where there is no Chromium; in CI, as a failure. */
    static void assumeChromium() {
        if (present(CHROMIUM).isEmpty() || present(DRIVER).isEmpty()) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("there is no Chromium, and in CI its tests are not skipped");
            }
            System.out.println("Skipping the browser tests: there is no Chromium with its driver.");
            Assumptions.abort("no Chromium");
        }
    }

    private static String present(List<String> paths) {
        return paths.stream()
                .filter(path -> new File(path).canExecute())
                .findFirst()
                .orElse("");
    }

    /**
     * @param profile a folder for what the browser keeps
     * @param more arguments for Chromium
     */
    static Window open(URI page, Path profile, String... more) {
        var options = new ChromeOptions();
        options.setBinary(present(CHROMIUM));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        options.addArguments(more);
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        var browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File(present(DRIVER)))
                        .usingAnyFreePort()
                        .build(),
                options);
        browser.manage().window().setSize(new Dimension(1440, 900));
        browser.get(page.toString());
        return new Window(browser);
    }

    /** As wide as a small phone, which no real window can be. */
    void phone() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
        browser.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
    }

    void register(String name) {
        until(() -> shown("#name"));
        type("#name", name);
        click("#enter");
        until(() -> shown("#lab"));
    }

    void openRoom(String name) {
        type("#room-name", name);
        click("#open-room");
        eventually("#room-title-text", name);
    }

    void joinRoom(String name) {
        String room = "#open-rooms [data-room='" + name + "']";
        until(() -> shown(room));
        click(room);
        eventually("#room-title-text", name);
    }

    void say(String text) {
        type("#text", text.replace("\n", Keys.chord(Keys.SHIFT, Keys.ENTER)));
        type("#text", Keys.ENTER);
    }

    void type(String where, CharSequence... keys) {
        find(where).sendKeys(keys);
    }

    /** To whatever has the focus. */
    void press(CharSequence... keys) {
        browser.switchTo().activeElement().sendKeys(keys);
    }

    void click(String what) {
        find(what).click();
    }

    void reload() {
        browser.navigate().refresh();
    }

    WebElement find(String what) {
        return browser.findElement(By.cssSelector(what));
    }

    boolean shown(String what) {
        return browser.findElements(By.cssSelector(what)).stream().anyMatch(WebElement::isDisplayed);
    }

    String text(String where) {
        return find(where).getText();
    }

    /** The id of what has the focus. */
    String focus() {
        return String.valueOf(browser.switchTo().activeElement().getDomAttribute("id"));
    }

    /** What the page says of its connection. */
    String state() {
        return String.valueOf(find("body").getDomAttribute("data-state"));
    }

    String script(String script) {
        return String.valueOf(browser.executeScript(script));
    }

    /** Runs a script that says when it is done, and what came of it: it calls its last argument. */
    String run(String script, Object... arguments) {
        return String.valueOf(browser.executeAsyncScript(script, arguments));
    }

    /** How often it stands in the conversation. */
    int count(String text) {
        return text("#rows").split(Pattern.quote(text), -1).length - 1;
    }

    void eventually(String where, String text) {
        until(() -> text(where).contains(text));
    }

    void until(BooleanSupplier holds) {
        new WebDriverWait(browser, PATIENCE)
                .ignoring(StaleElementReferenceException.class)
                .until(b -> holds.getAsBoolean());
    }

    /** Nothing to scroll sideways to, and nothing that sticks out, once all has come to rest. */
    void assertFits() {
        run("""
                const moving = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity);
                Promise.allSettled(moving.map(({ finished }) => finished)).then(arguments[0]);
                """);
        assertThat(script("return document.documentElement.scrollWidth - innerWidth"))
                .isEqualTo("0");
        assertThat(script("""
                return [...document.querySelectorAll('button, input, textarea, h1, h2, p, .message, li')]
                  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
                  .filter((node) => !node.closest('.visually-hidden'))
                  .filter((node) => { const box = node.getBoundingClientRect(); return box.left < -16 || box.right > innerWidth + 0.5; })
                  .map((node) => node.id || node.className || node.tagName).join()
                """)).isEqualTo("");
    }

    /** What the page did not do that its policy forbids, nor anything else that a browser complains of. */
    void assertNoComplaints() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .isEmpty();
    }

    /** A PNG. */
    byte[] screenshot() {
        return browser.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        browser.quit();
    }
}
