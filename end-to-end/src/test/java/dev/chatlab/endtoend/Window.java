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

/** The page in a window of a real Chromium, with the actions of its user. Elements are named by CSS selectors. */
final class Window implements AutoCloseable {

    private static final List<String> CHROMIUM =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final List<String> DRIVER =
            List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private final ChromeDriver browser;

    private Window(ChromeDriver browser) {
        this.browser = browser;
    }

    /** Skips the test if Chromium is not installed; fails it if the variable CI is set. */
    static void assumeChromium() {
        if (installed(CHROMIUM).isEmpty() || installed(DRIVER).isEmpty()) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("Chromium is not installed; in CI, the browser tests must not be skipped");
            }
            System.out.println("Skipping the browser tests: Chromium or its driver is not installed.");
            Assumptions.abort("Chromium is not installed");
        }
    }

    private static String installed(List<String> paths) {
        return paths.stream()
                .filter(path -> new File(path).canExecute())
                .findFirst()
                .orElse("");
    }

    /**
     * Opens a window.
     *
     * @param profile a folder for the browser's data; each folder is another user
     * @param arguments more arguments for Chromium
     */
    static Window open(URI page, Path profile, String... arguments) {
        var options = new ChromeOptions();
        options.setBinary(installed(CHROMIUM));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        options.addArguments(arguments);
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
        var browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File(installed(DRIVER)))
                        .usingAnyFreePort()
                        .build(),
                options);
        browser.manage().window().setSize(new Dimension(1440, 900));
        browser.get(page.toString());
        return new Window(browser);
    }

    /** Makes the page as wide as a small phone, with a touch screen. A window of Chromium cannot be so narrow. */
    void emulatePhone() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
        browser.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
    }

    void register(String name) {
        until(() -> shown("#name"));
        type("#name", name);
        click("#register-button");
        until(() -> shown("#chat"));
    }

    void openRoom(String name) {
        type("#room-name", name);
        click("#room-button");
        awaitText("#room-title-text", name);
    }

    void joinRoom(String name) {
        String room = "#open-rooms [data-room='" + name + "']";
        until(() -> shown(room));
        click(room);
        awaitText("#room-title-text", name);
    }

    void write(String text) {
        type("#text", text.replace("\n", Keys.chord(Keys.SHIFT, Keys.ENTER)));
        type("#text", Keys.ENTER);
    }

    void type(String selector, CharSequence... keys) {
        find(selector).sendKeys(keys);
    }

    /** Presses keys in the element that has the focus. */
    void press(CharSequence... keys) {
        browser.switchTo().activeElement().sendKeys(keys);
    }

    void click(String selector) {
        find(selector).click();
    }

    void reload() {
        browser.navigate().refresh();
    }

    WebElement find(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    boolean shown(String selector) {
        return browser.findElements(By.cssSelector(selector)).stream().anyMatch(WebElement::isDisplayed);
    }

    String text(String selector) {
        return find(selector).getText();
    }

    /** The id of the element that has the focus. */
    String focusedId() {
        return String.valueOf(browser.switchTo().activeElement().getDomAttribute("id"));
    }

    /** The client's status, from the page's attribute data-state. */
    String status() {
        return String.valueOf(find("body").getDomAttribute("data-state"));
    }

    String script(String script) {
        return String.valueOf(browser.executeScript(script));
    }

    /** Runs an asynchronous script, which returns its result by calling its last argument. */
    String asyncScript(String script, Object... arguments) {
        return String.valueOf(browser.executeAsyncScript(script, arguments));
    }

    /** How often the text is among the messages. */
    int count(String text) {
        return text("#message-list").split(Pattern.quote(text), -1).length - 1;
    }

    /** Waits until the element contains the text. */
    void awaitText(String selector, String text) {
        until(() -> text(selector).contains(text));
    }

    /** Waits until the condition is true. */
    void until(BooleanSupplier condition) {
        new WebDriverWait(browser, TIMEOUT)
                .ignoring(StaleElementReferenceException.class)
                .until(b -> condition.getAsBoolean());
    }

    /** Once no animation runs: the page does not scroll sideways, and no element is outside of it. */
    void assertFits() {
        asyncScript("""
                const animations = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity);
                Promise.allSettled(animations.map(({ finished }) => finished)).then(arguments[0]);
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

    /** The browser's log has no warning and no error, such as a violation of the Content-Security-Policy. */
    void assertNoWarnings() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .isEmpty();
    }

    /** The window as a PNG. */
    byte[] screenshot() {
        return browser.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        browser.quit();
    }
}
