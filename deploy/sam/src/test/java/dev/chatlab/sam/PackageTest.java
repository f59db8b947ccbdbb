package dev.chatlab.sam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The package that is deployed: one jar with the functions and their dependencies. */
class PackageTest {

    private static final Path PACKAGE = Path.of("target", "chat-lambda.jar");

    /** A line of jdeps: a class, an arrow, the missing class that it refers to, and "not found". */
    private static final Pattern REFERENCE = Pattern.compile("\\s+\\S+\\s+->\\s+(?<package>\\S+)\\.\\S+\\s.*");

    /** Packages that libraries refer to, and that the functions never use. */
    private static final Pattern OPTIONAL = Pattern.compile(
            // Annotations that only the compiler reads.
            "org\\.immutables\\.value"
                    // Events of other services.
                    + "|org\\.joda\\.time(\\..*)?"
                    // The SDK's native signer and HTTP client.
                    + "|software\\.amazon\\.awssdk\\.(crt|crtcore)(\\..*)?"
                    // The HTTP client's further compression formats and its other TLS provider.
                    + "|com\\.aayushatharva\\.brotli4j\\..*|com\\.github\\.luben\\.zstd"
                    + "|org\\.apache\\.commons\\.compress\\..*|org\\.conscrypt");

    @Test
    void packageIsSmallerThanThirteenMegabytes() throws IOException {
        assertThat(Files.size(PACKAGE)).isLessThan(13_000_000);
    }

    // --- content ---

    static Stream<String> handlers() throws IOException {
        return Pattern.compile("Handler: (\\S+)")
                .matcher(Files.readString(Path.of("template.yaml")))
                .results()
                .map(handler -> handler.group(1));
    }

    @Test
    void templateNamesSevenFunctions() throws IOException {
        assertThat(handlers()).hasSize(7).doesNotHaveDuplicates();
    }

    /** The request passes protocol, domain, store and SDK, and fails at the connection to DynamoDB: no server listens there. */
    @ParameterizedTest
    @MethodSource("handlers")
    void everyFunctionRunsOnThePackageAlone(String handler) throws Exception {
        URL[] alone = {
            PACKAGE.toUri().toURL(), Path.of("target", "test-classes").toUri().toURL()
        };
        Thread thread = Thread.currentThread();
        ClassLoader outside = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(alone, ClassLoader.getPlatformClassLoader())) {
            // Lambda, too, sets the loader of the function's classes as the thread's context class loader.
            thread.setContextClassLoader(loader);
            String body = run(loader, handler);

            assertThat(body).contains("\"type\":\"error\"").contains("\"code\":\"internal\"");
        } finally {
            thread.setContextClassLoader(outside);
        }
    }

    @SuppressWarnings("unchecked") // both class loaders share the JDK's types
    private static String run(ClassLoader loader, String handler)
            throws ReflectiveOperationException, InvocationTargetException {
        var function = (BiFunction<String, Map<String, String>, String>)
                loader.loadClass(FunctionAlone.class.getName()).getConstructor().newInstance();
        return function.apply(
                handler,
                Map.of(
                        "TABLE_CR", "clients",
                        "TABLE_RMU", "rooms",
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "id",
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"));
    }

    /** Checks the class files, so code that no test runs is included. */
    @Test
    void onlyOptionalDependenciesAreMissing() {
        var output = new StringWriter();
        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(output), new PrintWriter(output), "--missing-deps", PACKAGE.toString());
        var missing = output.toString()
                .lines()
                .map(REFERENCE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group("package"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(missing).isNotEmpty().allMatch(OPTIONAL.asMatchPredicate());
    }

    @Test
    void everyProviderInTheServiceFilesCanBeLoaded() throws Exception {
        List<String> services = new ArrayList<>();
        try (var jar = new ZipFile(PACKAGE.toFile());
                var loader = loader()) {
            for (String name : names()) {
                if (name.startsWith("META-INF/services/")) {
                    new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(services::add);
                }
            }
            for (String provider : services) {
                assertThat(loader.loadClass(provider).getConstructor()).isNotNull();
            }
        }

        assertThat(services).contains("org.slf4j.jul.JULServiceProvider", "dev.chatlab.dynamodb.DynamoDbProvider");
    }

    // --- unwanted content ---

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                // HTTP clients that the functions do not use.
                "org/apache/http/.*",
                "io/netty/.*",
                "software/amazon/awssdk/http/(apache|nio|crt)/.*",
                // The SDK's clients of other services.
                "software/amazon/awssdk/services/(?!(dynamodb|apigatewaymanagementapi)/).+",
                "com/amazonaws/services/(?!lambda/).+",
                // The local API Gateway, the store in memory, and what they run on.
                "dev/samlocal/.*",
                "dev/chatlab/(inmemory|testkit|endtoend)/.*",
                "org/eclipse/jetty/.*",
                // Tests and their libraries.
                ".*Test\\.class",
                "(org/junit|org/assertj|net/jqwik)/.*",
                // A second JSON library.
                "com/fasterxml/jackson/databind/.*",
                // Lambda unpacks the jar, and the JVM reads these from jars only.
                "META-INF/versions/.*",
                "META-INF/native-image/.*",
                "(.*/)?module-info\\.class",
                // Signatures, build files and sources of the merged jars.
                "META-INF/.*\\.(SF|RSA|DSA|EC)",
                "META-INF/maven/.*",
                ".*\\.(java|vm)"
            })
    void hasNoEntryThatMatches(String unneeded) throws IOException {
        assertThat(names()).noneMatch(Pattern.compile(unneeded).asMatchPredicate());
    }

    @Test
    void hasNoEntryTwice() throws IOException {
        assertThat(names()).doesNotHaveDuplicates();
    }

    // --- reproducible build ---

    /** The time comes from the POM. Entries of dependencies keep the time that they were released with. */
    @Test
    void allEntriesOfTheProjectHaveTheSameTime() throws IOException {
        try (var jar = new ZipFile(PACKAGE.toFile())) {
            assertThat(jar.stream()
                            .filter(entry -> entry.getName().startsWith("dev/chatlab/"))
                            .map(ZipEntry::getTimeLocal)
                            .distinct())
                    .hasSize(1);
        }
    }

    /** Builds in another folder, from the sources alone. */
    @Test
    @EnabledIfEnvironmentVariable(
            named = "CI",
            matches = "true",
            disabledReason = "it builds the package again; run it with: CI=true mvn verify -pl deploy/sam -am")
    void secondBuildIsTheSameByteForByte(@TempDir Path elsewhere) throws IOException, InterruptedException {
        copySources(Path.of("..", ".."), elsewhere);
        Process build = new ProcessBuilder(
                        Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                        "-B",
                        "-o",
                        "-q",
                        "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                        "-Pstart",
                        "-Dexec.skip=true",
                        "-pl",
                        "deploy/sam",
                        "-am",
                        "package")
                .directory(elsewhere.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(build.getInputStream().readAllBytes(), UTF_8);

        assertThat(build.waitFor()).as(output).isZero();
        assertThat(elsewhere.resolve("deploy/sam").resolve(PACKAGE)).hasSameBinaryContentAs(PACKAGE);
    }

    private static void copySources(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return name.equals("target") || name.equals(".git")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path name = from.relativize(file);
                if (name.endsWith("pom.xml")
                        || name.endsWith("LICENSE")
                        || name.toString().contains("/src/")) {
                    Path copy = to.resolve(name);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static URLClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {PACKAGE.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    private static List<String> names() throws IOException {
        try (var jar = new ZipFile(PACKAGE.toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }
}
