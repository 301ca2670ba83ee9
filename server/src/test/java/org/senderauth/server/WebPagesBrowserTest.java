package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.senderauth.core.SecretFiles;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** The web pages in a real browser, with mail that a real Postfix rejected a moment before. */
@Timeout(300)
class WebPagesBrowserTest {

    private static final String TOKEN = "a-token-of-the-test";
    private static final Pattern ID = Pattern.compile("\\[([2-9a-z]+)]");
    private static final int WIDE = 1200;
    private static final int NARROW = 360;
    private static final int HEIGHT = 900;
    private static final List<String> PAGES = List.of("/", "/decisions", "/try", "/callouts", "/keys", "/zone");

    @TempDir
    static Path folder;

    private static DocumentedPostfix postfix;
    private static Service service;
    private static ChromeDriver browser;
    private static String id;

    @BeforeAll
    static void rejectAMail() throws Exception {
        Path chromium = PeerProcess.program("chromium");
        Path driver = PeerProcess.program("chromedriver");
        postfix = DocumentedPostfix.start(folder).enforce();
        SecretFiles.create(folder.resolve("web.token"), TOKEN.getBytes(StandardCharsets.US_ASCII));
        String config = Files.readString(postfix.config());
        Files.writeString(
                postfix.config(),
                config.replaceFirst("(?m)^listen:\n", "listen:\n  web: 127.0.0.1:0\n")
                        + "web: {token-file: web.token}\n");
        service = Service.start(postfix.config(), new PrintWriter(new StringWriter(), true), InstantSource.system());
        String reply = postfix.fromOutside(
                DocumentedPostfix.STRANGER, "bob@example.net", "alice@example.org", "rejected a moment ago");
        Matcher found = ID.matcher(reply);
        assertThat(found.find()).as(reply).isTrue();
        id = found.group(1);
        postfix.fromOutside("192.0.2.10", "bob@example.net", "alice@example.org", "accepted");
        browser = start(chromium, driver);
    }

    private static ChromeDriver start(Path chromium, Path driver) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--user-data-dir=" + folder.resolve("browser"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        // Without it Selenium would look for a driver on the network.
        System.setProperty("webdriver.chrome.driver", driver.toString());
        ChromeDriver started = new ChromeDriver(options);
        started.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
        started.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        return started;
    }

    @AfterAll
    static void stopAll() {
        if (browser != null) {
            browser.quit();
        }
        if (postfix != null) {
            postfix.close();
        }
        if (service != null) {
            service.close();
        }
    }

    private static String url(String path) {
        int port = ((InetSocketAddress) service.webAddress()).getPort();
        return "http://postmaster:" + TOKEN + "@127.0.0.1:" + port + path;
    }

    private static void size(int width) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", width == NARROW));
    }

    private static void scheme(String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private static void open(String path) {
        browser.get(url(path));
    }

    private static String text() {
        return browser.findElement(By.tagName("main")).getText();
    }

    private static void noConsoleError() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }

    private static void screenshot(String name) throws IOException {
        Path file = Path.of("target", "screenshots", name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
    }

    @Test
    void findsRejectedMailByIdWithReasonOfEachStep() throws Exception {
        size(WIDE);
        scheme("light");
        open("/decisions");
        Await.until("the decision", WebPagesBrowserTest::isFound);
        open("/decisions");
        WebElement field = browser.findElement(By.name("id"));
        field.sendKeys(id + Keys.ENTER);
        Await.until("the result", () -> browser.getCurrentUrl().contains("id=" + id));
        browser.findElement(By.cssSelector("tbody a")).sendKeys(Keys.ENTER);
        Await.until("the decision", () -> browser.getCurrentUrl().endsWith("/decisions/" + id));
        assertThat(text())
                .contains("reject")
                .contains("550 5.7.23")
                .contains("198.51.100.7 is not authorized to send mail for example.net")
                .contains("<bob@example.net>")
                .contains("<alice@example.org>");
        List<String> tree = browser.findElements(By.cssSelector("ol.steps ul.tree > li > .node")).stream()
                .map(node -> node.getText().replaceAll("\\s+", " "))
                .toList();
        assertThat(tree)
                .containsSubsequence(
                        "TXT example.net: \"v=spf1 ip4:192.0.2.10 -all\"", "ip4:192.0.2.10 no match", "-all match");
        noConsoleError();
        screenshot("decision-wide");
        size(NARROW);
        scheme("dark");
        screenshot("decision-narrow");
    }

    private static boolean isFound() {
        open("/decisions/" + id);
        return text().contains("550 5.7.23");
    }

    @Test
    void everyPageIsAccessibleFitsAPhoneAndLogsNoError() throws Exception {
        Await.until("the decision", WebPagesBrowserTest::isFound);
        browser.manage().logs().get(LogType.BROWSER);
        for (String page : PAGES) {
            accessible(page, page.equals("/") ? "overview" : page.substring(1));
        }
        accessible("/decisions/" + id, "decision");
    }

    private static void accessible(String path, String name) throws IOException {
        for (int width : new int[] {WIDE, NARROW}) {
            for (String scheme : new String[] {"light", "dark"}) {
                size(width);
                scheme(scheme);
                open(path);
                String what = path + " " + width + " " + scheme;
                assertThat(violations()).as(what).isEmpty();
                assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
                        .as(what)
                        .isLessThanOrEqualTo(width);
                noConsoleError();
            }
            screenshot(name + "-" + width);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> violations() throws IOException {
        try (InputStream axe = WebPagesBrowserTest.class.getResourceAsStream("/axe.min.js")) {
            browser.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<String>) browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then(result => done(result.violations.map(
                    found => found.id + ': ' + found.nodes.map(node => node.html).join(' '))));
                """);
    }

    @Test
    void reachesContentAndFormsByKeyboard() {
        size(WIDE);
        open("/try");
        browser.findElement(By.tagName("body")).sendKeys(Keys.TAB);
        assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Skip to the content");
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);
        Await.until("the content", () -> browser.getCurrentUrl().endsWith("#main"));
        browser.findElement(By.id("ip")).sendKeys(DocumentedPostfix.STRANGER + Keys.TAB);
        browser.switchTo().activeElement().sendKeys("mail.example.net" + Keys.TAB);
        browser.switchTo().activeElement().sendKeys("bob@example.net" + Keys.ENTER);
        Await.until("the trial", () -> browser.getCurrentUrl().endsWith("/try/decision"));
        assertThat(text()).contains("198.51.100.7 is not authorized to send mail for example.net");
        noConsoleError();
    }

    @Test
    void markupOfASenderIsText() {
        size(WIDE);
        postfixRejects("\"<script>document.title=1</script>\"@example.net");
        Await.until("the decision", () -> {
            open("/decisions?from=example.net");
            return text().contains("<script>document.title=1</script>");
        });
        assertThat(browser.getTitle()).startsWith("Decisions - senderauth");
        noConsoleError();
    }

    private static void postfixRejects(String sender) {
        try {
            assertThat(postfix.fromOutside(DocumentedPostfix.STRANGER, sender, "alice@example.org", "markup"))
                    .startsWith("5");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
