package dev.chatlab.sam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
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
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** What is deployed: one jar, with all that its functions need, and no more than can be helped. */
class PackageTest {

    private static final Path PACKAGE = Path.of("target", "chat-lambda.jar");

    /** A line of jdeps: a class, an arrow, the class that it refers to, and where that is not. */
    private static final Pattern REFERENCE = Pattern.compile("\\s+\\S+\\s+->\\s+(?<package>\\S+)\\.\\S+\\s.*");

    @Test
    void isSmallerThanTwelveMegabytes() throws IOException {
        assertThat(Files.size(PACKAGE)).isLessThan(12_000_000);
    }

    // --- what is in it ---

    static Stream<String> handlers() throws IOException {
        return Pattern.compile("Handler: (\\S+)")
                .matcher(Files.readString(Path.of("template.yaml")))
                .results()
                .map(handler -> handler.group(1));
    }

    @Test
    void theTemplateNamesSevenFunctions() throws IOException {
        assertThat(handlers()).hasSize(7).doesNotHaveDuplicates();
    }

    /** It gets as far as a table that nobody serves: past the protocol, the rules, the store and the SDK. */
    @ParameterizedTest
    @MethodSource("handlers")
    void everyFunctionRunsOnItAlone(String handler) throws Exception {
        URL[] alone = {
            PACKAGE.toUri().toURL(), Path.of("target", "test-classes").toUri().toURL()
        };
        Thread thread = Thread.currentThread();
        ClassLoader outside = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(alone, ClassLoader.getPlatformClassLoader())) {
            // As on Lambda, whose loader of the function's classes is its thread's.
            thread.setContextClassLoader(loader);
            String answer = run(loader, handler);

            assertThat(answer).contains("\"type\":\"error\"").contains("\"code\":\"internal\"");
        } finally {
            thread.setContextClassLoader(outside);
        }
    }

    @SuppressWarnings("unchecked") // the class is there twice, and the JDK's types once
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

    /** By the class files themselves, also on paths that no test takes. */
    @Test
    void nothingThatItRefersToIsMissing() {
        var said = new StringWriter();
        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(said), new PrintWriter(said), "--missing-deps", PACKAGE.toString());
        var missing = said.toString()
                .lines()
                .map(REFERENCE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group("package"))
                .collect(Collectors.toCollection(TreeSet::new));

        // Annotations that the compiler alone reads.
        assertThat(missing).containsExactly("org.immutables.value");
    }

    /** Of what {@link java.util.ServiceLoader} is asked for. */
    @Test
    void everyServiceIsThere() throws Exception {
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

    /** By name: slf4j hands over what was logged while it was looking for them. */
    @Test
    void loggersTakeWhatWasLoggedBeforeTheyWereThere() throws Exception {
        try (var loader = loader()) {
            assertThat(loader.loadClass("org.slf4j.jul.JDK14LoggerAdapter")
                            .getMethod("log", loader.loadClass("org.slf4j.event.LoggingEvent")))
                    .isNotNull();
        }
    }

    /** Reading what a class declares has the JVM verify it. */
    @Test
    void everyClassIsWhatTheJvmTakesForOne() throws IOException {
        List<String> refused = new ArrayList<>();
        try (var loader = loader()) {
            for (String name : classes()) {
                try {
                    Method[] unused = Class.forName(name, false, loader).getDeclaredMethods();
                } catch (ReflectiveOperationException | LinkageError e) {
                    refused.add(name + ": " + e);
                }
            }
        }

        assertThat(refused).isEmpty();
    }

    /** As the JVM would find out when it comes to the call. */
    @Test
    void classesOfExpressionsMayCallWhatTheyCall() throws Exception {
        int calls = 0;
        try (var loader = loader()) {
            for (ClassNode type : nodes()) {
                if ((type.access & Opcodes.ACC_SYNTHETIC) != 0 && type.nestHostClass != null) {
                    Class<?> own = loader.loadClass(type.name.replace('/', '.'));
                    Lookup lookup = MethodHandles.privateLookupIn(own, MethodHandles.lookup());
                    for (MethodNode method : type.methods) {
                        for (AbstractInsnNode instruction : method.instructions) {
                            if (instruction instanceof MethodInsnNode call && !call.owner.equals(type.name)) {
                                assertThat(find(call, lookup)).isNotNull();
                                calls++;
                            }
                        }
                    }
                }
            }
        }

        assertThat(calls).isGreaterThan(1000);
    }

    private static MethodHandle find(MethodInsnNode call, Lookup lookup) throws ReflectiveOperationException {
        ClassLoader loader = lookup.lookupClass().getClassLoader();
        Class<?> owner = Class.forName(Type.getObjectType(call.owner).getClassName(), false, loader);
        MethodType type = MethodType.fromMethodDescriptorString(call.desc, loader);
        return switch (call.getOpcode()) {
            case Opcodes.INVOKESTATIC -> lookup.findStatic(owner, call.name, type);
            case Opcodes.INVOKESPECIAL -> lookup.findConstructor(owner, type);
            default -> lookup.findVirtual(owner, call.name, type);
        };
    }

    /** Those are left to it that are serializable, or called by an interface with code that runs before (Desugar). */
    @Test
    void theJvmHasToMakeNoClassForAnExpression() throws IOException {
        List<String> left = new ArrayList<>();
        for (ClassNode type : nodes()) {
            for (MethodNode method : type.methods) {
                for (AbstractInsnNode instruction : method.instructions) {
                    if (instruction instanceof InvokeDynamicInsnNode dynamic
                            && dynamic.bsm.getName().equals("metafactory")) {
                        left.add(Type.getReturnType(dynamic.desc).getClassName());
                    }
                }
            }
        }

        assertThat(left).containsOnly("software.amazon.awssdk.core.http.HttpResponseHandler");
    }

    // --- what is not ---

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                // One HTTP client, the JDK's, was chosen: the others are found by whoever looks for one, and load
                // slowly.
                "org/apache/http.*",
                "io/netty/.*",
                "software/amazon/awssdk/http/(apache5?|nio|crt)/.*",
                // All of AWS's services, to know where to sign for one (ServicesTest).
                "software/amazon/awssdk/regions/servicemetadata/.*",
                // The SDK of two services, and of none beside.
                "software/amazon/awssdk/services/(?!(dynamodb|apigatewaymanagementapi)/).+",
                "com/amazonaws/services/(?!lambda/).+",
                // What stands in for AWS on a laptop, and its engines.
                "dev/chatlab/(local|inmemory|testkit)/.*",
                "org/eclipse/jetty/.*",
                // Tests, and what they stand on.
                ".*Test\\.class",
                "(org/junit|org/assertj|net/jqwik)/.*",
                // A second JSON library: databind finds out by reflection, at start-up, what jackson-jr is told.
                "com/fasterxml/jackson/databind/.*",
                // Java looks there in a jar; Lambda unpacks it, and then nobody does.
                "META-INF/versions/.*",
                "META-INF/native-image/.*",
                "(.*/)?module-info\\.class",
                // Signatures of jars that are no more, and how they were built.
                "META-INF/.*\\.(SF|RSA|DSA|EC)",
                "META-INF/maven/.*",
                ".*\\.(java|vm)"
            })
    void hasNone(String unneeded) throws IOException {
        assertThat(names()).noneMatch(Pattern.compile(unneeded).asMatchPredicate());
    }

    @Test
    void hasNothingTwice() throws IOException {
        assertThat(names()).doesNotHaveDuplicates();
    }

    // --- built again ---

    /** When it was built is not in it, but what the build was told. */
    @Test
    void isOfOneTime() throws IOException {
        try (var jar = new ZipFile(PACKAGE.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
        }
    }

    /** Elsewhere and later, from nothing but the sources. */
    @Test
    @EnabledIfEnvironmentVariable(
            named = "CI",
            matches = "true",
            disabledReason = "it takes as long as the build itself: CI=true mvn verify -pl deploy/sam -am")
    void builtAgainItIsTheSameByteForByte(@TempDir Path elsewhere) throws IOException, InterruptedException {
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
        String said = new String(build.getInputStream().readAllBytes(), UTF_8);

        assertThat(build.waitFor()).as(said).isZero();
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
                if (name.endsWith("pom.xml") || name.toString().contains("/src/")) {
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

    private static List<ClassNode> nodes() throws IOException {
        List<ClassNode> nodes = new ArrayList<>();
        try (var jar = new ZipFile(PACKAGE.toFile())) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().endsWith(".class")) {
                    var node = new ClassNode();
                    new ClassReader(jar.getInputStream(entry).readAllBytes()).accept(node, ClassReader.SKIP_FRAMES);
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }

    private static List<String> classes() throws IOException {
        return names().stream()
                .filter(name -> name.endsWith(".class"))
                .map(name ->
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                .toList();
    }

    private static List<String> names() throws IOException {
        try (var jar = new ZipFile(PACKAGE.toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }
}
