package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published modules: the ones that the BOM lists. */
class PublishedModulesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern MANAGED =
            Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>\\$\\{project.version}");
    private static final Pattern MODULE_NAME = Pattern.compile("<module.name>([^<]+)</module.name>");

    static List<String> published() throws IOException {
        return groups(MANAGED, ROOT.resolve("chat-bom/pom.xml"));
    }

    @Test
    void bomListsEveryLibraryOfTheBuild() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            List<String> libraries = folders.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("chat-") || name.startsWith("adapter-"))
                    .toList();

            assertThat(published()).containsExactlyInAnyOrderElementsOf(libraries);
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void moduleNameIsTheRootPackage(String module) throws IOException {
        List<String> names = groups(MODULE_NAME, ROOT.resolve(module).resolve("pom.xml"));

        assertThat(names).hasSize(1);
        assertThat(ROOT.resolve(module)
                        .resolve("src/main/java")
                        .resolve(names.getFirst().replace('.', '/'))
                        .resolve("package-info.java"))
                .exists();
    }

    private static List<String> groups(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
