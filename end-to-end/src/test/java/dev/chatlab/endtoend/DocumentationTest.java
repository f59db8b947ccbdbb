package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.application.ChatService;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.protocol.ChatSockets;
import dev.chatlab.protocol.ErrorResponse;
import dev.chatlab.protocol.Frame;
import dev.chatlab.protocol.InboundFrame;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the pages say about the code is true: links, names, the module diagram, options, the wire protocol, metrics. */
class DocumentationTest {

    private static final SourceNames NAMES = new SourceNames();

    private static final MarkdownPage README = MarkdownPage.of("README.md");
    private static final MarkdownPage ARCHITECTURE = MarkdownPage.of("docs/ARCHITECTURE.md");
    private static final MarkdownPage PROTOCOL = MarkdownPage.of("docs/protocol.md");

    /** The pages whose code spans are names of the source code. */
    private static final List<String> NAMING = List.of(
            "docs/GLOSSARY.md", "docs/ARCHITECTURE.md", "docs/decisions/", "docs/stores.md", "docs/operations.md");

    // --- links and names ---

    @TestFactory
    Stream<DynamicTest> relativeLinksResolve() {
        return MarkdownPage.all().stream()
                .map(page -> DynamicTest.dynamicTest(
                        page.file(),
                        () -> assertThat(page.links().stream()
                                        .filter(link -> !link.matches("https?://.*"))
                                        .filter(link -> !resolves(page, link)))
                                .isEmpty()));
    }

    private static boolean resolves(MarkdownPage page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? Path.of(page.file())
                : Path.of(page.file()).resolveSibling(parts[0]).normalize();
        boolean exists = !target.startsWith("..") && Files.exists(MarkdownPage.ROOT.resolve(target));
        return exists
                && (parts.length == 1
                        || MarkdownPage.of(target.toString()).anchors().contains(parts[1]));
    }

    @TestFactory
    Stream<DynamicTest> namesInCodeSpansExist() {
        return MarkdownPage.docs()
                .filter(page -> NAMING.stream().anyMatch(page.file()::startsWith))
                .map(page -> DynamicTest.dynamicTest(
                        page.file(),
                        () -> assertThat(page.codeSpans().stream()
                                        .filter(code -> code.matches("[\\w$@./<>-]+"))
                                        .filter(code -> !NAMES.exist(code)))
                                .isEmpty()));
    }

    @Test
    void namesInDiagramsExist() {
        List<String> labels = Stream.concat(README.blocks("mermaid").stream(), ARCHITECTURE.blocks("mermaid").stream())
                .flatMap(block -> Pattern.compile("\\b[A-Z][a-z]+[A-Z]\\w*(\\.\\w+)?")
                        .matcher(block.text())
                        .results())
                .map(label -> label.group())
                .filter(label -> !label.equals("WebSocket"))
                .toList();

        assertThat(labels).hasSizeGreaterThan(10).allMatch(NAMES::exist);
    }

    @Test
    void moduleDiagramShowsTheCompileDependenciesOfThePoms() {
        Set<String> drawn = ARCHITECTURE.blocks("mermaid").stream()
                .filter(block -> block.text().startsWith("flowchart BT"))
                .flatMap(block -> block.text().lines())
                .map(String::strip)
                .filter(line -> line.contains("-->"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(drawn).isNotEmpty().isEqualTo(compileDependencies());
    }

    /** Each as {@code module --> module}. */
    private static Set<String> compileDependencies() {
        var dependency = Pattern.compile("(?s)<dependency>(?:(?!</dependency>).)*</dependency>");
        var ours = Pattern.compile("(?s)<groupId>dev\\.chatlab</groupId>\\s*<artifactId>([^<]+)<");
        return MarkdownPage.files("/pom.xml").stream()
                .map(pom -> MarkdownPage.ROOT.relativize(pom))
                .filter(pom -> pom.toString().matches("(chat|adapter)-\\w+.pom\\.xml"))
                .flatMap(pom -> {
                    Path module = pom.getName(0);
                    String text = MarkdownPage.read(MarkdownPage.ROOT.resolve(pom))
                            .replaceAll("(?s)<dependencyManagement>.*</dependencyManagement>", "");
                    return dependency
                            .matcher(text)
                            .results()
                            .map(found -> found.group())
                            .filter(found -> !found.contains("<scope>test</scope>"))
                            .flatMap(found -> ours.matcher(found).results())
                            .map(found -> module + " --> " + found.group(1));
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // --- ./chat ---

    @Test
    void readmeListsTheOptionsOfTheChatCommand() throws Exception {
        var process = new ProcessBuilder(
                        "bash", MarkdownPage.ROOT.resolve("chat").toString(), "--help")
                .redirectErrorStream(true)
                .start();
        String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(help).isZero();
        Set<String> offered = options(help.lines());
        offered.remove("--help");

        assertThat(options(README.firstColumn("Run").stream())).isEqualTo(offered);
        assertThat(options(MarkdownPage.docs()
                        .flatMap(page -> page.codeSpans().stream())
                        .filter(code -> code.startsWith("./chat "))))
                .isSubsetOf(offered);
    }

    private static Set<String> options(Stream<String> lines) {
        return lines.flatMap(line ->
                        Pattern.compile("(?<![\\w-])--[a-z]+").matcher(line).results())
                .map(option -> option.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // --- the wire protocol ---

    @Test
    void protocolExampleIsWhatTheServerSends() {
        List<String> sent = new ArrayList<>();
        var sockets = new ChatSockets(
                gateway -> new ChatService(new InMemoryChatStore(), gateway),
                (connection, frame) -> sent.add(connection + " < " + frame),
                InstantSource.fixed(Instant.parse("2026-06-01T12:00:00Z")));
        List<String> lines = PROTOCOL.blocks("text").getLast().text().lines().toList();
        lines.stream()
                .map(line -> line.split(" ", -1)[0])
                .distinct()
                .forEach(connection -> sockets.opened(new ConnectionId(connection), Option.none()));

        List<String> expected = new ArrayList<>();
        for (String line : Stream.concat(lines.stream(), Stream.of("end > {}")).toList()) {
            if (line.contains(" > ")) {
                assertThat(inAnyOrder(sent)).isEqualTo(inAnyOrder(expected));
                sent.clear();
                expected.clear();
                String[] request = line.split(" > ", 2);
                sockets.received(new ConnectionId(request[0]), request[1]);
            } else {
                expected.add(line);
            }
        }
        assertThat(lines).hasSizeGreaterThan(20);
    }

    /** One event goes to its recipients in any order. The message of an error may change. */
    private static List<String> inAnyOrder(List<String> frames) {
        return frames.stream()
                .map(frame -> frame.contains("\"type\":\"error\"")
                        ? frame.replaceFirst("\"message\":\"[^\"]*\"", "\"message\":…")
                        : frame)
                .sorted()
                .toList();
    }

    @Test
    void protocolListsAllErrorCodes() {
        Set<String> codes = new TreeSet<>(Set.of(malformed()));
        Arrays.stream(Rejection.class.getPermittedSubclasses())
                .forEach(type -> codes.add(((Rejection) example(type)).code()));
        Stream.of(
                        ErrorResponse.BUSY,
                        ErrorResponse.INTERNAL,
                        ErrorResponse.UNKNOWN_ACTION,
                        ErrorResponse.SIGNED_IN_ELSEWHERE)
                .forEach(error -> codes.add(error.code()));

        assertThat(PROTOCOL.firstColumn("Error responses")).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(PROTOCOL.firstColumn("Error responses"))).isEqualTo(codes);
    }

    private static String malformed() {
        return InboundFrame.parse("[").getLeft().code();
    }

    /** A record with any values. */
    private static Object example(Class<?> type) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
            Object[] values = Arrays.stream(types)
                    .map(component ->
                            component == String.class ? "x" : component == int.class ? (Object) 1 : example(component))
                    .toArray();
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot make a " + type, e);
        }
    }

    @Test
    void protocolStatesTheLimitsOfValues() {
        Map<String, Function<String, Either<Rejection, ?>>> values = Map.of(
                "USER", text -> UserName.of(text),
                "ROOM", text -> RoomName.of(text),
                "TEXT", text -> MessageText.of(text),
                "ID", text -> ClientMessageId.of(text),
                "KEY", text -> ResumeKey.of(text));
        var row = Pattern.compile("(?m)^\\| (`[^|]*`) \\| ([\\d,]+) to ([\\d,]+) ");
        List<String> checked = new ArrayList<>();
        row.matcher(PROTOCOL.section("Values")).results().forEach(limits -> {
            int least = Integer.parseInt(limits.group(2).replace(",", ""));
            int most = Integer.parseInt(limits.group(3).replace(",", ""));
            for (String name : limits.group(1).replace("`", "").split(", ", -1)) {
                var value = Objects.requireNonNull(values.get(name), name);
                assertThat(value.apply("x".repeat(least)).isRight()).as(name).isTrue();
                assertThat(value.apply("x".repeat(least - 1)).isRight())
                        .as(name)
                        .isFalse();
                assertThat(value.apply("x".repeat(most)).isRight()).as(name).isTrue();
                assertThat(value.apply("x".repeat(most + 1)).isRight()).as(name).isFalse();
                checked.add(name);
            }
        });
        assertThat(checked).containsExactlyInAnyOrderElementsOf(values.keySet());
    }

    @Test
    void protocolStatesTheSizesOfFrames() {
        assertThat(PROTOCOL.section("Sizes"))
                .contains("largest frame from the server | " + Frame.MAX_BYTES / 1024 + " KB")
                .contains("largest frame from a client | " + ChatSockets.MAX_INBOUND_BYTES / 1024 + " KB");
    }

    // --- operations ---

    @Test
    void operationsPageListsAllMetrics() {
        String source = MarkdownPage.read(
                MarkdownPage.ROOT.resolve("adapter-lambda/src/main/java/dev/chatlab/lambda/Metrics.java"));
        List<String> metrics = Pattern.compile("\"(\\w+)\", \"(?:Count|Milliseconds)\"")
                .matcher(source)
                .results()
                .map(metric -> metric.group(1))
                .sorted()
                .toList();
        List<String> listed =
                new ArrayList<>(MarkdownPage.of("docs/operations.md").firstColumn("Metrics"));
        Collections.sort(listed);

        assertThat(metrics).isNotEmpty();
        assertThat(listed).isEqualTo(metrics);
    }
}
