package dev.chatlab.endtoend;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a window of a real Chromium, and somebody in front of it. */
final class Window implements AutoCloseable {

    private static final List<String> CHROMIUM =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final List<String> DRIVER =
            List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");

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

    /** @param profile a folder for what the browser keeps */
    static Window open(URI page, Path profile) {
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

    private static String present(List<String> paths) {
        return paths.stream()
                .filter(path -> new File(path).canExecute())
                .findFirst()
                .orElse("");
    }

    void register(String name) {
        until(() -> browser.findElement(By.id("name")).isDisplayed());
        type("#name", name);
        browser.findElement(By.id("enter")).click();
        until(() -> browser.findElement(By.id("room-name")).isDisplayed());
    }

    void openRoom(String name) {
        type("#room-name", name);
        browser.findElement(By.id("open-room")).click();
        eventually("#room-title-text", name);
    }

    /** The first of the rooms that can be joined. */
    void joinRoom(String name) {
        until(() -> !browser.findElements(By.cssSelector("#open-rooms button")).isEmpty());
        browser.findElement(By.cssSelector("#open-rooms button")).click();
        eventually("#room-title-text", name);
    }

    void say(String text) {
        type("#text", text);
        browser.findElement(By.id("text")).sendKeys(Keys.ENTER);
    }

    private void type(String field, String text) {
        browser.findElement(By.cssSelector(field)).sendKeys(text);
    }

    void reload() {
        browser.navigate().refresh();
    }

    /** Runs a script that says when it is done, and what came of it: it calls its last argument. */
    String run(String script, Object... arguments) {
        return String.valueOf(browser.executeAsyncScript(script, arguments));
    }

    String state() {
        return String.valueOf(browser.findElement(By.tagName("body")).getDomAttribute("data-state"));
    }

    /** How often it stands in the conversation. */
    int count(String text) {
        return browser.findElement(By.id("rows")).getText().split(Pattern.quote(text), -1).length - 1;
    }

    void eventually(String where, String text) {
        until(() -> browser.findElement(By.cssSelector(where)).getText().contains(text));
    }

    void until(BooleanSupplier holds) {
        new WebDriverWait(browser, Duration.ofSeconds(40))
                .ignoring(StaleElementReferenceException.class)
                .until(b -> holds.getAsBoolean());
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
