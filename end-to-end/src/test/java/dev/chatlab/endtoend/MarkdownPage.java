package dev.chatlab.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown page of the repository.
 *
 * @param file relative to {@link #ROOT}, with {@code /} between its parts
 */
record MarkdownPage(String file, String text) {

    /** The root of the repository. */
    static final Path ROOT = Path.of("..");

    private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w*)\\R(.*?)^```$");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\|([^|\n]*)\\|");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    static MarkdownPage of(String file) {
        return new MarkdownPage(file, read(ROOT.resolve(file)));
    }

    /** All pages, without those in build folders and hidden folders. */
    static List<MarkdownPage> all() {
        return files(".md").stream()
                .map(file -> of(ROOT.relativize(file).toString().replace('\\', '/')))
                .toList();
    }

    /** The pages in {@code docs} and its subfolders. */
    static Stream<MarkdownPage> docs() {
        return all().stream().filter(page -> page.file.startsWith("docs/"));
    }

    /** The files of the repository with one of these endings, without those in build folders and hidden folders. */
    static List<Path> files(String... endings) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = String.valueOf(folder.getFileName());
                    boolean skipped = name.equals("target") || (name.startsWith(".") && !folder.equals(ROOT));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (Stream.of(endings).anyMatch(file.toString()::endsWith)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fenced blocks of a language. */
    List<Block> blocks(String language) {
        return FENCED.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> new Block(file, line(block.start()), block.group(2)))
                .toList();
    }

    /** The code spans outside fenced blocks. */
    List<String> codeSpans() {
        return CODE.matcher(withoutBlocks())
                .results()
                .map(span -> span.group(1))
                .toList();
    }

    /** The targets of the links outside fenced blocks. */
    List<String> links() {
        return LINK.matcher(withoutBlocks())
                .results()
                .map(link -> link.group(1))
                .toList();
    }

    /** The anchors of the headings, as GitHub makes them. */
    List<String> anchors() {
        return HEADING.matcher(withoutBlocks())
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** The code spans in the first column of the tables under a heading. */
    List<String> firstColumn(String heading) {
        return FIRST_CELL
                .matcher(section(heading))
                .results()
                .flatMap(cell -> CODE.matcher(cell.group(1)).results())
                .map(span -> span.group(1))
                .toList();
    }

    /** The text from a heading to the next one of the same level. */
    String section(String heading) {
        var section = Pattern.compile("(?ms)^## " + Pattern.quote(heading) + "$(.*?)(?=^## |\\z)");
        return section.matcher(text)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " has no section " + heading));
    }

    private String withoutBlocks() {
        return FENCED.matcher(text).replaceAll("");
    }

    private int line(int position) {
        return (int) text.substring(0, position).lines().count() + 1;
    }

    @Override
    public String toString() {
        return file;
    }

    /** A fenced block. */
    record Block(String file, int line, String text) {

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }
}
