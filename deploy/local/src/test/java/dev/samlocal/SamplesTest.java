package dev.samlocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample applications: each is copied to an empty directory, compiled, and served with one command of the packaged tool. */
@Timeout(120)
class SamplesTest {
    private static final Path SAMPLES = Path.of("samples");

    /** What the broadcast sample depends on. */
    private static final Pattern LIBRARIES =
            Pattern.compile("awssdk(?!.apache5-client)|aws-lambda-java-events|reactive-streams|slf4j-api");

    @TempDir
    private Path folder;

    // NullAway requires initialization; JUnit initializes the field before each test.
    @SuppressWarnings("NullAway.Init")
    SamplesTest() {}

    @Test
    void echoRespondsToItsSenderWithItsEnvironment() throws Exception {
        copyAndCompile("echo", folder.resolve("target/classes"));

        try (var gateway = start();
                var client = FrameClient.connect(socket(gateway, "v1"))) {
            client.text("hello");
            assertThat(client.message()).isEqualTo("echo on v1: hello");
            client.text("{\"action\":\"again\"}");
            assertThat(client.message()).isEqualTo("echo on v1: {\"action\":\"again\"}");
        }
    }

    @Test
    void parametersReachTheEnvironmentOfEcho() throws Exception {
        copyAndCompile("echo", folder.resolve("target/classes"));

        try (var gateway = start("--parameter", "StageName=v2");
                var client = FrameClient.connect(socket(gateway, "v2"))) {
            client.text("hello");
            assertThat(client.message()).isEqualTo("echo on v2: hello");
        }
    }

    @Test
    void broadcastReachesStoredConnectionsOnly() throws Exception {
        copyAndCompile("broadcast", folder.resolve("classes"));
        packageWithLibraries();

        try (var gateway = start("--dynamodb", "memory")) {
            var socket = socket(gateway, "Prod");
            try (var ann = FrameClient.connect(socket);
                    var ben = FrameClient.connect(socket);
                    var eve = FrameClient.connect(socket)) {
                eve.leave(1000);
                ann.text("{\"action\":\"sendmessage\",\"data\":\"hello everyone\"}");
                assertThat(ann.message()).isEqualTo("hello everyone");
                assertThat(ben.message()).isEqualTo("hello everyone");
            }
        }
    }

    @Test
    void roleWithoutPermissionIsDenied() throws Exception {
        Path template = copyAndCompile("broadcast", folder.resolve("classes"));
        packageWithLibraries();
        Files.writeString(template, Files.readString(template).replace("dynamodb:Scan", "dynamodb:Query"));

        try (var gateway = start("--dynamodb", "memory");
                var client = FrameClient.connect(socket(gateway, "Prod"))) {
            client.text("{\"action\":\"sendmessage\",\"data\":\"hello\"}");
            assertThat(client.json()).containsEntry("message", "Internal server error");
            gateway.terminate();
            assertThat(gateway.end().err())
                    .contains("SendMessageFunction may not dynamodb:Scan on")
                    .contains("is not authorized to perform: dynamodb:Scan");
        }
    }

    @Test
    void missingBuildIsReportedWithTheLineOfTheTemplate() throws Exception {
        Path template = copyAndCompile("broadcast", folder.resolve("classes"));
        long line = Files.readString(template)
                .transform(text -> text.substring(0, text.indexOf("Handler: samples")))
                .lines()
                .count();

        try (var gateway = start()) {
            var end = gateway.end();
            assertThat(end.exitCode()).isEqualTo(1);
            assertThat(end.err())
                    .isEqualToIgnoringNewLines("sam-websocket-local: template.yaml:" + line
                            + ": OnConnectFunction: CodeUri is "
                            + folder.toRealPath().resolve("build/broadcast.jar")
                            + ", which does not exist: build it first");
        }
    }

    private ChildGateway start(String... more) throws IOException {
        return ChildGateway.packaged(
                folder,
                Stream.concat(Stream.of("--port", "0", "--template", "template.yaml"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static URI socket(ChildGateway gateway, String stage) throws IOException {
        return URI.create("ws://" + gateway.endpoint().getAuthority() + "/" + stage);
    }

    /** Copies a sample's template to the directory, compiles the sample, and returns the template. */
    private Path copyAndCompile(String sample, Path classes) throws IOException {
        Path root = SAMPLES.resolve(sample);
        List<String> arguments = new ArrayList<>(List.of(
                "-d",
                Files.createDirectories(classes).toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-proc:none"));
        try (var sources = Files.walk(root.resolve("src/java"))) {
            sources.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).isZero();
        return Files.copy(root.resolve("template.yaml"), folder.toRealPath().resolve("template.yaml"));
    }

    /** Puts the classes and the libraries that the functions use into one jar, as a shade plugin does. */
    private void packageWithLibraries() throws IOException {
        Path jar = Files.createDirectories(folder.resolve("build")).resolve("broadcast.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            Set<String> names = new HashSet<>();
            addFolder(folder.resolve("classes"), zip, names);
            for (String library : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                if (LIBRARIES.matcher(library).find()) {
                    try (var files = FileSystems.newFileSystem(Path.of(library))) {
                        addFolder(files.getPath("/"), zip, names);
                    }
                }
            }
        }
    }

    private static void addFolder(Path root, ZipOutputStream zip, Set<String> names) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (names.add(name)) {
                    zip.putNextEntry(new ZipEntry(name));
                    Files.copy(file, zip);
                }
            }
        }
    }
}
