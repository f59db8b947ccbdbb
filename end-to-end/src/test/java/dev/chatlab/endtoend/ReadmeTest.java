package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The Java, XML and shell code in {@code README.md}, {@code CONTRIBUTING.md} and {@code docs} works. */
class ReadmeTest {

    private static final MarkdownPage README = MarkdownPage.of("README.md");
    private static final MarkdownPage CONTRIBUTING = MarkdownPage.of("CONTRIBUTING.md");

    private static final String GROUP = "dev.chatlab";

    /**
     * Where each command of {@code README.md} and {@code CONTRIBUTING.md} is run: by a command of {@code .ci/run} that does the same
     * or more, or by a test class.
     */
    private static final Map<String, String> RUN_BY = Map.of(
            "./chat", "./chat --port 0",
            "mvn verify", "mvn -B -P full verify",
            "mvn -P full verify", "mvn -B -P full verify",
            "mvn test -pl chat-domain", "mvn -B -q test -pl chat-domain",
            "mvn -N validate -Dformat.goal=apply", "mvn -B -q -N validate -Dformat.goal=apply",
            "./chat --help", "DocumentationTest");

    // --- Java ---

    @TestFactory
    Stream<DynamicTest> javaSnippetCompiles(@TempDir Path folder) {
        var snippets = pages().flatMap(page -> page.blocks("java").stream())
                .map(JavaSnippet::new)
                .toList();
        assertThat(snippets).hasSizeGreaterThan(4);
        return snippets.stream()
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.block().toString(),
                        () -> snippet.compile(Files.createTempDirectory(folder, "snippet"))));
    }

    @Test
    void embeddedServiceStoresAndDeliversMessage(@TempDir Path folder) throws Exception {
        assertThat(snippet(README, "new ChatService(new InMemoryChatStore(), gateway)")
                        .run(folder))
                .containsPattern("MessageSent\\[.*] for .*ann-1")
                .contains("stored: Vector(MessageSent[")
                .doesNotContain("rejected")
                .doesNotContain("busy");
    }

    @Test
    void embeddedSocketsAnswerFrame(@TempDir Path folder) throws Exception {
        assertThat(snippet(README, "new ChatSockets(").run(folder))
                .startsWith("to ann-1: {\"type\":\"signup\",\"user\":\"Ann\"");
    }

    @Test
    void codecReadsWhatItWrote(@TempDir Path folder) throws Exception {
        assertThat(snippet(MarkdownPage.of("docs/stores.md"), "EventCodec.DEFAULT.decode")
                        .run(folder))
                .contains("type=RoomCreated")
                .endsWith("true" + System.lineSeparator());
    }

    @Test
    void observerIsAccepted(@TempDir Path folder) throws Exception {
        assertThat(snippet(MarkdownPage.of("docs/operations.md"), "new ChatObserver()")
                        .run(folder))
                .isEmpty();
    }

    @Test
    void witherChangesOneSetting(@TempDir Path folder) throws Exception {
        assertThat(snippet(MarkdownPage.of("docs/decisions/0006-immutables-on-records.md"), "withHistoryOnJoin")
                        .run(folder))
                .isEqualTo("100" + System.lineSeparator());
    }

    @Test
    void storeTestRunsTheWholeContract(@TempDir Path folder) throws Exception {
        Class<?> test = snippet(MarkdownPage.of("docs/stores.md"), "extends ChatStoreContract")
                .compile(folder);

        var tests = EngineTestKit.engine("jqwik")
                .selectors(selectClass(test))
                .execute()
                .testEvents();
        assertThat(tests.succeeded().count()).isEqualTo(tests.started().count()).isGreaterThan(10);
    }

    // --- Maven ---

    @Test
    void dependenciesAreArtifactsOfThisBuild() throws Exception {
        Map<String, Document> artifacts = artifacts();
        String version = text(Objects.requireNonNull(poms().get("pom.xml")).getDocumentElement(), "version");
        Set<String> managed = dependencies(Objects.requireNonNull(artifacts.get("chat-bom"), "chat-bom")).stream()
                .map(dependency -> text(dependency, "artifactId"))
                .collect(Collectors.toSet());
        List<Element> named = pages().flatMap(page -> page.blocks("xml").stream())
                .flatMap(block -> dependencies(parse("<project>" + block.text() + "</project>", block)).stream())
                .toList();

        assertThat(named).hasSizeGreaterThan(3).allSatisfy(dependency -> {
            String artifact = text(dependency, "artifactId");
            assertThat(text(dependency, "groupId")).as(artifact).isEqualTo(GROUP);
            assertThat(artifacts).containsKey(artifact);
            if (dependency.getElementsByTagName("version").getLength() == 0) {
                assertThat(managed).contains(artifact);
            } else {
                assertThat(text(dependency, "version")).as(artifact).isEqualTo(version);
            }
        });
    }

    @Test
    void mavenCommandsNameExistingProfilesAndModules() throws Exception {
        Map<String, Document> poms = poms();
        Set<String> profiles = poms.values().stream()
                .flatMap(pom -> elements(pom, "profile").stream())
                .map(profile -> text(profile, "id"))
                .collect(Collectors.toSet());
        List<String> commands = pages().flatMap(ReadmeTest::commands)
                .filter(command -> command.startsWith("mvn "))
                .toList();

        assertThat(commands).hasSizeGreaterThan(3).allSatisfy(command -> {
            assertThat(options("-P", command)).isSubsetOf(profiles);
            assertThat(options("-pl", command)).allMatch(module -> poms.containsKey(module + "/pom.xml"));
        });
        assertThat(CONTRIBUTING.firstColumn("Build and test")).isNotEmpty().isSubsetOf(profiles);
    }

    // --- shell ---

    @Test
    void everyCommandIsRunInContinuousIntegration() throws Exception {
        Set<String> commands = Stream.of(README, CONTRIBUTING)
                .flatMap(page -> Stream.concat(commands(page), page.codeSpans().stream()))
                .filter(code -> code.startsWith("./chat") || code.startsWith("mvn "))
                .collect(Collectors.toCollection(TreeSet::new));
        String script = MarkdownPage.read(MarkdownPage.ROOT.resolve(".ci/run"));

        assertThat(commands).isEqualTo(new TreeSet<>(RUN_BY.keySet()));
        RUN_BY.forEach((command, by) -> {
            if (by.endsWith("Test")) {
                String option = command.substring(command.lastIndexOf(' ') + 1);
                assertThat(MarkdownPage.read(Path.of("src/test/java/dev/chatlab/endtoend", by + ".java")))
                        .contains('"' + option + '"');
            } else {
                assertThat(script).containsPattern("(?m)^" + Pattern.quote(by) + "( >.*)?$");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> shellBlockHasValidSyntax() {
        return MarkdownPage.all().stream()
                .flatMap(page -> page.blocks("sh").stream())
                .map(block -> DynamicTest.dynamicTest(block.toString(), () -> {
                    var bash = new ProcessBuilder("bash", "-n")
                            .redirectErrorStream(true)
                            .start();
                    try (var input = bash.getOutputStream()) {
                        input.write(block.text().getBytes(StandardCharsets.UTF_8));
                    }
                    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(bash.waitFor()).as(output).isZero();
                }));
    }

    // --- pages ---

    /** The pages whose Java, XML and Maven commands are checked. */
    private static Stream<MarkdownPage> pages() {
        return Stream.concat(Stream.of(README, CONTRIBUTING), MarkdownPage.docs());
    }

    private static JavaSnippet snippet(MarkdownPage page, String contained) {
        return page.blocks("java").stream()
                .filter(block -> block.text().contains(contained))
                .map(JavaSnippet::new)
                .findFirst()
                .orElseThrow(() -> new AssertionError(page + " has no Java code with " + contained));
    }

    /** The commands of a page's shell blocks, one a line, without comments. */
    private static Stream<String> commands(MarkdownPage page) {
        return page.blocks("sh").stream()
                .flatMap(block -> block.text().lines())
                .map(line -> line.replaceAll("\\s*(^|\\s)#.*", "").strip())
                .filter(line -> !line.isEmpty());
    }

    private static List<String> options(String option, String command) {
        return Pattern.compile("(?<= )" + option + " (\\S+)")
                .matcher(command)
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(",")))
                .toList();
    }

    // --- POMs ---

    /** The POMs of the repository by path. */
    private static Map<String, Document> poms() {
        Map<String, Document> poms = new TreeMap<>();
        for (Path file : MarkdownPage.files("pom.xml")) {
            String path = MarkdownPage.ROOT.relativize(file).toString().replace('\\', '/');
            poms.put(path, parse(MarkdownPage.read(file), path));
        }
        return poms;
    }

    /** The POMs by artifact id. */
    private static Map<String, Document> artifacts() {
        return poms().values().stream()
                .collect(Collectors.toMap(pom -> text(pom.getDocumentElement(), "artifactId"), pom -> pom));
    }

    private static Document parse(String xml, Object name) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new AssertionError(name + " is not well-formed XML", e);
        }
    }

    private static List<Element> dependencies(Document pom) {
        return elements(pom, "dependency");
    }

    private static List<Element> elements(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        return Stream.iterate(0, i -> i + 1)
                .limit(nodes.getLength())
                .map(i -> (Element) nodes.item(i))
                .toList();
    }

    /** The text of a direct child. */
    private static String text(Element element, String child) {
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(child)) {
                return node.getTextContent();
            }
        }
        throw new AssertionError("no " + child + " in " + element.getTextContent());
    }
}
