package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samlocal.template.StartException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder at {@code /}: its files with their headers, and nothing outside it. */
@Timeout(60)
class StaticFilesTest {
    private static final String SECRET = "secret content";

    @TempDir
    private Path folder;

    private TestApi api;

    // NullAway requires initialization; JUnit initializes the fields before each test.
    @SuppressWarnings("NullAway.Init")
    StaticFilesTest() {}

    @BeforeEach
    void start() throws IOException {
        Path web = Files.createDirectories(folder.resolve("web"));
        Files.writeString(folder.resolve("secret.txt"), SECRET);
        Files.createDirectories(folder.resolve("web-other"));
        Files.writeString(folder.resolve("web-other/secret.txt"), SECRET);
        Files.writeString(web.resolve("index.html"), "<!doctype html>grüß");
        Files.writeString(web.resolve("page.css"), "body {}");
        Files.writeString(web.resolve("page.js"), "export {}");
        Files.writeString(web.resolve("mark.svg"), "<svg/>");
        Files.writeString(web.resolve("SHOUT.PNG"), "png");
        Files.writeString(web.resolve("what"), "ever");
        Files.writeString(web.resolve("with space.txt"), "space");
        Files.writeString(web.resolve(".hidden"), SECRET);
        Files.createDirectories(web.resolve("deeper/.git"));
        Files.writeString(web.resolve("deeper/index.html"), "deeper");
        Files.writeString(web.resolve("deeper/.git/config"), SECRET);
        Files.createDirectories(web.resolve("empty"));
        Files.createSymbolicLink(web.resolve("out.txt"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(web.resolve("out"), folder);
        Files.createSymbolicLink(web.resolve("beside"), folder.resolve("web-other"));
        Files.createSymbolicLink(web.resolve("in.txt"), web.resolve("with space.txt"));
        api = TestApi.with("mock.yaml", config -> config.withWeb(web));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html;charset=utf-8",
        "/index.html, text/html;charset=utf-8",
        "/deeper/, text/html;charset=utf-8",
        "/page.css, text/css;charset=utf-8",
        "/page.js, text/javascript;charset=utf-8",
        "/mark.svg, image/svg+xml;charset=utf-8",
        "/SHOUT.PNG, image/png",
        "/with%20space.txt, text/plain;charset=utf-8",
        "/page.css?version=1, text/css;charset=utf-8"
    })
    void fileHasItsContentType(String target, String type) throws Exception {
        var answer = get(target);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-type", type);
    }

    @Test
    void contentIsThatOfTheFile() throws Exception {
        var answer = get("/");
        assertThat(answer.body()).isEqualTo("<!doctype html>grüß");
        assertThat(answer.headers())
                .containsEntry(
                        "content-length",
                        Integer.toString("<!doctype html>grüß".getBytes(StandardCharsets.UTF_8).length));
        assertThat(get("/deeper/").body()).isEqualTo("deeper");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page.js", "/none"})
    void everyResponseHasSecurityHeaders(String target) throws Exception {
        assertThat(get(target).headers())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("referrer-policy", "no-referrer")
                .hasEntrySatisfying(
                        "content-security-policy",
                        policy -> assertThat(policy)
                                .contains("default-src 'self';")
                                .contains("connect-src 'self' ws://" + server().getAuthority() + " wss://")
                                .contains("object-src 'none'")
                                .contains("frame-ancestors 'none'")
                                .contains("base-uri 'none'")
                                .doesNotContain("unsafe"));
    }

    @Test
    void hostHeaderCannotChangeThePolicy() throws Exception {
        var answer = FrameClient.http(server(), "GET", "/", "Host: x; script-src *");
        if (answer.status() == 200) {
            assertThat(answer.headers().get("content-security-policy")).doesNotContain("script-src");
        } else {
            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @Test
    void headHasTheHeadersOfGet() throws Exception {
        var get = get("/page.js");
        var head = FrameClient.http(server(), "HEAD", "/page.js");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).containsAllEntriesOf(get.headers());
        assertThat(FrameClient.http(server(), "HEAD", "/none").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void otherMethodsAre404(String method) throws Exception {
        assertThat(FrameClient.http(server(), method, "/page.js").status()).isEqualTo(404);
    }

    @Test
    void unchangedFileIs304() throws Exception {
        var first = get("/page.js");
        String tag = String.valueOf(first.headers().get("etag"));
        assertThat(first.headers()).containsEntry("cache-control", "no-cache");
        for (String known : new String[] {tag, "\"other\", " + tag}) {
            var again = FrameClient.http(server(), "GET", "/page.js", "If-None-Match: " + known);
            assertThat(again.status()).as(known).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.headers()).containsEntry("etag", tag);
        }
        Files.writeString(folder.resolve("web/page.js"), "export default 1");
        var changed = FrameClient.http(server(), "GET", "/page.js", "If-None-Match: " + tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body()).isEqualTo("export default 1");
    }

    @Test
    void linkWithinTheFolderIsFollowed() throws Exception {
        assertThat(get("/in.txt").body()).isEqualTo("space");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none",
                "/deeper",
                "/empty/",
                "/page.js/",
                "/page.js/more",
                "/.hidden",
                "/%2ehidden",
                "/deeper/.git/config",
                "/../secret.txt",
                "/deeper/../../secret.txt",
                "/%2e%2e/secret.txt",
                "/.%2e/secret.txt",
                "/..%2fsecret.txt",
                "/%2e%2e%2fsecret.txt",
                "/..%5csecret.txt",
                "/..\\secret.txt",
                "/%252e%252e/secret.txt",
                "/..;/secret.txt",
                "/..;x=y/secret.txt",
                "/deeper/%2e%2e/%2e%2e/secret.txt",
                "//secret.txt",
                "/%2fetc/passwd",
                "//etc/passwd",
                "/page.js%00",
                "/%00",
                "/out.txt",
                "/out/secret.txt",
                "/out/web/.hidden",
                "/beside/secret.txt",
                "/%ff%fe",
                "/%zz"
            })
    void pathOutsideTheFolderIsNotFound(String target) throws Exception {
        var answer = get(target);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain(SECRET, "root:");
    }

    @Test
    void replacementIsServedInsteadOfFile() throws Exception {
        Path text = Files.writeString(
                folder.resolve("answer.js"),
                "export const all = '{stage} {region} {endpoint} {identityPool} {unknown}';");
        try (var other = TestApi.with(
                "signed.yaml",
                config -> config.withWeb(folder.resolve("web"))
                        .withParameter("Pools", "one")
                        .withReplacement("page.js", text))) {
            var answer = FrameClient.http(URI.create(other.endpoint()), "GET", "/page.js");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("export const all = 'test us-east-1 " + other.endpoint() + " " + Cognito.pool("Guests")
                            + " {unknown}';");
            assertThat(answer.headers())
                    .containsEntry("content-type", "text/javascript;charset=utf-8")
                    .containsEntry("cache-control", "no-cache")
                    .containsKey("content-security-policy");
            assertThat(FrameClient.http(URI.create(other.endpoint()), "HEAD", "/page.js")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void missingFolderIsReported() throws IOException {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> TestApi.with("mock.yaml", config -> config.withWeb(none)))
                .isInstanceOf(StartException.class)
                .hasMessage(none + ": there is no such folder");
        Path file = folder.resolve("secret.txt");
        assertThatThrownBy(() -> TestApi.with("mock.yaml", config -> config.withWeb(file)))
                .isInstanceOf(StartException.class)
                .hasMessage(file + ": it is not a folder");
    }

    private FrameClient.Answer get(String target) throws IOException {
        return FrameClient.http(server(), "GET", target);
    }

    private URI server() {
        return URI.create(api.endpoint());
    }
}
