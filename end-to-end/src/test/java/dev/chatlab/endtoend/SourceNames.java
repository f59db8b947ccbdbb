package dev.chatlab.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names that the repository's code has: files, types and their members, and words of the other sources. */
final class SourceNames {

    private static final Pattern TYPE = Pattern.compile("(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.(\\w+);");
    private static final Pattern ARTIFACT = Pattern.compile("<(?:artifactId|id)>([^<]+)<");

    /** The texts of the Java files that declare a type, by the type's simple name. */
    private final Map<String, List<String>> declarations = new HashMap<>();

    private final Set<String> known = new HashSet<>();
    private final List<Path> files = MarkdownPage.files("");
    private final String sources;

    SourceNames() {
        for (Path file : MarkdownPage.files(".java")) {
            String text = MarkdownPage.read(file);
            TYPE.matcher(text)
                    .results()
                    .forEach(type -> declarations
                            .computeIfAbsent(type.group(1), name -> new ArrayList<>())
                            .add(text));
            IMPORT.matcher(text).results().forEach(type -> known.add(type.group(1)));
        }
        for (Path file : MarkdownPage.files("pom.xml")) {
            ARTIFACT.matcher(MarkdownPage.read(file)).results().forEach(artifact -> known.add(artifact.group(1)));
        }
        sources = MarkdownPage.files(".java", ".js", ".html", "template.yaml", "pom.xml", "/chat").stream()
                .filter(Files::isRegularFile)
                .map(MarkdownPage::read)
                .collect(Collectors.joining("\n"));
    }

    /**
     * Whether a name exists: as a file of the repository, a type with its members, an artifact or a profile. A name that is not
     * written like a type may also be any word of the sources, for example a field of a frame.
     */
    boolean exist(String name) {
        return known.contains(name)
                || Files.exists(MarkdownPage.ROOT.resolve(name))
                || (name.contains("/") && files.stream().anyMatch(file -> file.endsWith(name)))
                || isMember(List.of(name.split("\\.")))
                || isQuotedOrKey(name)
                || (!isWrittenLikeType(name) && isWord(name));
    }

    /** A type, or a type followed by a nested type or a member. */
    private boolean isMember(List<String> parts) {
        return declarations.getOrDefault(parts.getFirst(), List.of()).stream()
                .anyMatch(text -> parts.stream().allMatch(part -> matches("\\b" + part + "\\b", text)));
    }

    /** For example a metric in a Java string, or a parameter of the template. */
    private boolean isQuotedOrKey(String name) {
        String quoted = Pattern.quote(name);
        return matches("\"" + quoted + "\"|(?m)^ *" + quoted + ":", sources);
    }

    /** Placeholders such as {@code <id>} are left out. */
    private boolean isWord(String name) {
        String word = name.replaceAll("<\\w+>", "");
        return matches("(?<![\\w-])" + Pattern.quote(word) + (word.equals(name) ? "(?![\\w-])" : ""), sources);
    }

    private static boolean isWrittenLikeType(String name) {
        return name.matches("[A-Z]\\w*[a-z]\\w*(\\..*)?");
    }

    private static boolean matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).find();
    }
}
