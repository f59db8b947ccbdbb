package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line: one line on standard output when it runs, one on standard error when it cannot start. */
@Timeout(120)
class MainTest {

    @Test
    void portInUseIsReported() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            fails(1, "cannot listen on 127.0.0.1:" + port + ": .*in use.*", "--template", template(), "--port", port);
        }
    }

    @Test
    void unusableHostIsReported() throws Exception {
        fails(1, "there is no host no-such-host.invalid", "--template", template(), "--host", "no-such-host.invalid");
        fails(1, "the host must not be empty", "--template", template(), "--host", "");
        fails(
                1,
                "cannot listen on 203.0.113.1:0: .*",
                "--template",
                template(),
                "--host",
                "203.0.113.1",
                "--port",
                "0");
    }

    @Test
    void brokenTemplateIsReportedWithItsLine(@TempDir Path folder) throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "Resources:\n  Api: [\n");
        fails(1, "\\Q" + broken + "\\E:3: not YAML: .*", "--template", broken.toString(), "--port", "0");
    }

    @Test
    void missingTemplateIsReported() throws Exception {
        fails(1, "no/such.yaml: there is no such file", "--template", "no/such.yaml");
    }

    @Test
    void invalidOptionIsReported() throws Exception {
        fails(2, "Unknown option: '--prot=0'.*", "--template", template(), "--prot=0");
        fails(2, "Missing required option: '--template=FILE'");
        fails(2, "Invalid value for option '--port'.*", "--template", template(), "--port", "http");
        fails(1, "there is no port 65536", "--template", template(), "--port", "65536");
    }

    @Test
    void replacementNeedsFolderAndFile(@TempDir Path folder) throws Exception {
        fails(1, "--replace goes with --web", "--template", template(), "--replace", "page.js=page.js");
        fails(
                1,
                "no/such.js: there is no such file, or it cannot be read",
                "--template",
                template(),
                "--port",
                "0",
                "--web",
                folder.toString(),
                "--replace",
                "page.js=no/such.js");
    }

    @Test
    void missingHandlerClassIsReportedWithItsLine() throws Exception {
        fails(
                1,
                ".*echo.yaml:\\d+: Function: CodeUri is not a file or folder: pass the code with --class-path",
                "--template",
                template(),
                "--port",
                "0",
                "--parameter",
                "Handler=no.such.Handler");
    }

    @Test
    void failingHandlerConstructorIsReported() throws Exception {
        // The class is on the class path, and its constructor finds no running test.
        fails(
                1,
                ".*echo.yaml:\\d+: Function: dev.samlocal.TestApi\\$Function failed to start: .*there is no such test",
                "--template",
                template(),
                "--port",
                "0",
                "--parameter",
                "Handler=dev.samlocal.TestApi$Function");
    }

    @Test
    void invalidParameterIsReported(@TempDir Path folder) throws Exception {
        Path wanting = Files.writeString(
                folder.resolve("wanting.yaml"), "Parameters: {Name: {Type: String}}\nResources: {Api: {Type: A}}\n");
        fails(
                1,
                "\\Q" + wanting + "\\E:1: Parameters.Name: it has no default: pass a value",
                "--template",
                wanting.toString());
        fails(
                1,
                ".*echo.yaml:\\d+: Parameters.Stage: \"live\" is not one of its AllowedValues",
                "--template",
                template(),
                "--parameter",
                "Stage=live");
        fails(
                1,
                ".*echo.yaml:\\d+: Parameters: there is no parameter Color",
                "--template",
                template(),
                "--parameter",
                "Color=blue");
    }

    @Test
    void unusableDataFolderIsReported(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        dataFails("it is not a folder", file);
        Path garbage = Files.createDirectory(folder.resolve("garbage"));
        Files.writeString(garbage.resolve("shared-local-instance.db"), "not a database\n".repeat(100));
        dataFails("its database cannot be opened: .*not a database.*", garbage);
    }

    private static void dataFails(String why, Path data) throws Exception {
        fails(
                1,
                "cannot keep data in \\Q" + data + "\\E: " + why,
                "--template",
                template(),
                "--port",
                "0",
                "--dynamodb",
                data.toString());
    }

    @Test
    void verboseLogsDynamoDbEndpoint() throws Exception {
        try (var gateway = ChildGateway.serving("tables.yaml", "--dynamodb", "memory", "--verbose")) {
            gateway.endpoint();
            gateway.terminate();
            assertThat(gateway.end().err())
                    .containsPattern("DynamoDB is at http://127\\.0\\.0\\.1:\\d+, with the tables \\[Things]\\R");
        }
    }

    @Test
    void helpListsOptions() throws Exception {
        try (var gateway = ChildGateway.of("--help")) {
            var end = gateway.end();
            assertThat(end.exitCode()).isZero();
            assertThat(end.err()).isEmpty();
            assertThat(end.out()).contains("--template", "--web", "--port", "--host", "--parameter", "--env");
        }
    }

    @Test
    void signalClosesConnectionsAndRunsDisconnectHandlers(@TempDir Path folder) throws Exception {
        Path gone = folder.resolve("gone");
        try (var gateway = ChildGateway.serving("echo.yaml", "--env", "GONE=" + gone, "--parameter", "Stage=other")) {
            var endpoint = gateway.endpoint();
            var socket = URI.create("ws://" + endpoint.getAuthority() + "/other");
            try (var first = FrameClient.connect(socket);
                    var second = FrameClient.connect(socket)) {
                first.text("hello");
                assertThat(first.message()).isEqualTo("hello");
                gateway.terminate();
                assertThat(first.closed()).isEqualTo(1001);
                assertThat(second.closed()).isEqualTo(1001);
                var end = gateway.end();
                assertThat(end.exitCode()).isIn(0, 143);
                assertThat(end.out()).isEmpty();
                assertThat(end.err()).isEmpty();
                assertThat(Files.readAllLines(gone)).containsExactly("gone", "gone");
            }
        }
    }

    private static String template() {
        return TestApi.resource("echo.yaml").toString();
    }

    private static void fails(int exitCode, String why, String... arguments) throws Exception {
        try (var gateway = ChildGateway.of(arguments)) {
            var end = gateway.end();
            assertThat(end.err()).matches("sam-websocket-local: " + why + "\\R");
            assertThat(end.exitCode()).isEqualTo(exitCode);
            assertThat(end.out()).isEmpty();
        }
    }
}
