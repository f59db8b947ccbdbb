package dev.chatlab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** The folder at {@code /}: what is in it, as a browser wants it, and nothing else. */
@Timeout(60)
class StaticFilesTest {
    private static final String SECRET = "not for anyone";

    @TempDir
    private Path folder;

    private TestApi api;

    // NullAway wants them set; JUnit does so before each test.
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
        "/, text/html; charset=utf-8",
        "/index.html, text/html; charset=utf-8",
        "/deeper/, text/html; charset=utf-8",
        "/page.css, text/css; charset=utf-8",
        "/page.js, text/javascript; charset=utf-8",
        "/mark.svg, image/svg+xml",
        "/SHOUT.PNG, image/png",
        "/what, application/octet-stream",
        "/with%20space.txt, text/plain; charset=utf-8",
        "/page.css?version=1, text/css; charset=utf-8"
    })
    void says_what_a_file_is(String target, String type) throws Exception {
        var answer = get(target);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-type", type);
    }

    @Test
    void serves_the_bytes_of_the_file() throws Exception {
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
    void is_careful_in_every_answer(String target) throws Exception {
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
    void lets_nobody_write_into_the_policy() throws Exception {
        var answer = Peer.http(server(), "GET", "/", "Host: x; script-src *");
        if (answer.status() == 200) {
            assertThat(answer.headers().get("content-security-policy")).doesNotContain("script-src");
        } else {
            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @Test
    void answers_head_like_get_without_the_body() throws Exception {
        var get = get("/page.js");
        var head = Peer.http(server(), "HEAD", "/page.js");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).containsAllEntriesOf(get.headers());
        assertThat(Peer.http(server(), "HEAD", "/none").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void takes_nothing(String method) throws Exception {
        var answer = Peer.http(server(), method, "/page.js");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("allow", "GET, HEAD");
    }

    @Test
    void sends_a_file_again_only_when_it_has_changed() throws Exception {
        var first = get("/page.js");
        String tag = first.headers().get("etag");
        assertThat(tag).isNotNull();
        assertThat(first.headers()).containsEntry("cache-control", "no-cache");
        for (String known : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            var again = Peer.http(server(), "GET", "/page.js", "If-None-Match: " + known);
            assertThat(again.status()).as(known).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.headers()).containsEntry("etag", tag);
        }
        Files.writeString(folder.resolve("web/page.js"), "export default 1");
        var changed = Peer.http(server(), "GET", "/page.js", "If-None-Match: " + tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body()).isEqualTo("export default 1");
    }

    @Test
    void follows_a_link_that_stays_inside() throws Exception {
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
    void has_nothing_else(String target) throws Exception {
        var answer = get(target);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain(SECRET, "root:");
    }

    @Test
    void answers_with_a_text_where_there_is_one() throws Exception {
        Path text = Files.writeString(
                folder.resolve("answer.js"),
                "export const all = '{stage} {region} {endpoint} {identityPool} {unknown}';");
        try (var other = TestApi.with(
                "signed.yaml",
                config -> config.withWeb(folder.resolve("web"))
                        .withParameter("Pools", "one")
                        .withAnswer("page.js", text))) {
            var answer = Peer.http(URI.create(other.endpoint()), "GET", "/page.js");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("export const all = 'test us-east-1 " + other.endpoint() + " " + Cognito.pool("Guests")
                            + " {unknown}';");
            assertThat(answer.headers())
                    .containsEntry("content-type", "text/javascript; charset=utf-8")
                    .containsEntry("cache-control", "no-cache")
                    .containsKey("content-security-policy");
            assertThat(Peer.http(URI.create(other.endpoint()), "HEAD", "/page.js")
                            .status())
                    .isEqualTo(200);
            assertThat(Peer.http(URI.create(other.endpoint()), "POST", "/page.js")
                            .status())
                    .isEqualTo(405);
        }
    }

    @Test
    void wants_one_identity_pool_where_a_text_names_one() throws IOException {
        Path text = Files.writeString(folder.resolve("answer.js"), "{identityPool}");
        assertThatThrownBy(() -> TestApi.with(
                        "mock.yaml",
                        config -> config.withWeb(folder.resolve("web")).withAnswer("page.js", text)))
                .isInstanceOf(StartException.class)
                .hasMessage(text + ": {identityPool} is for a template with one identity pool, and this one has 0");
    }

    @Test
    void wants_a_folder() throws IOException {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> TestApi.with("mock.yaml", config -> config.withWeb(none)))
                .isInstanceOf(StartException.class)
                .hasMessage(none + ": there is no such folder");
        Path file = folder.resolve("secret.txt");
        assertThatThrownBy(() -> TestApi.with("mock.yaml", config -> config.withWeb(file)))
                .isInstanceOf(StartException.class)
                .hasMessage(file + ": it is not a folder");
    }

    private Peer.Answer get(String target) throws IOException {
        return Peer.http(server(), "GET", target);
    }

    private URI server() {
        return URI.create(api.endpoint());
    }
}
