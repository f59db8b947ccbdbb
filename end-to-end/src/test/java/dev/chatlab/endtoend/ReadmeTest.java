package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What the README shows compiles, and does what it says. */
class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");

    @Test
    void twentyLinesEmbedTheChat(@TempDir Path folder) throws Exception {
        String told = run(folder, block("## Embed it"));

        assertThat(told)
                .contains("ann hears MessageSent")
                .contains("stored: Vector(MessageSent")
                .doesNotContain("try again");
    }

    @Test
    void aStoreOfOnesOwnHasAllTheLawsToPass(@TempDir Path folder) throws Exception {
        compile(folder, "MyStoreTest", """
                import dev.chatlab.inmemory.*;
                import dev.chatlab.ports.*;
                import dev.chatlab.testkit.*;

                %s
                """.formatted(block("## Keep it somewhere else")));

        try (var loader = loader(folder)) {
            var laws = EngineTestKit.engine("jqwik")
                    .selectors(selectClass(loader.loadClass("MyStoreTest")))
                    .execute()
                    .testEvents();
            assertThat(laws.succeeded().count())
                    .isEqualTo(laws.started().count())
                    .isGreaterThan(10);
        }
    }

    /** The first Java of a section. */
    private static String block(String heading) throws IOException {
        var section = Pattern.compile(
                "^" + Pattern.quote(heading) + "$.*?^```java\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
        return section.matcher(Files.readString(README))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String run(Path folder, String statements) throws Exception {
        compile(folder, "Embedded", """
                import dev.chatlab.domain.*;
                import dev.chatlab.inmemory.*;
                import dev.chatlab.ports.*;
                import io.vavr.control.Option;
                import java.time.Instant;

                public class Embedded {
                    public static void main(String[] arguments) {
                %s
                    }
                }
                """.formatted(statements));

        var printed = new ByteArrayOutputStream();
        var out = System.out;
        try (var loader = loader(folder)) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Embedded").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static URLClassLoader loader(Path folder) throws IOException {
        return new URLClassLoader(new URL[] {folder.toUri().toURL()});
    }

    private static void compile(Path folder, String name, String text) throws IOException {
        Path source = Files.writeString(folder.resolve(name + ".java"), text);
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-d",
                                folder.toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
    }
}
