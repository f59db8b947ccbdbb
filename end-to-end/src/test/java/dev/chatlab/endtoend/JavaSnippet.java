package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * Java code of a page: imports, and then either a class or statements. Statements are compiled as the body of a {@code main} method.
 *
 * @param block the code
 */
record JavaSnippet(MarkdownPage.Block block) {

    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:public |final |abstract )*(?:class|record|interface|enum) (\\w+)");

    /** Whether the code is a class, not statements. */
    boolean isClass() {
        return TYPE.matcher(body()).find();
    }

    /** Compiles the code for the Java release of the published artifacts, and returns the class. */
    Class<?> compile(Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve(name() + ".java"), source());
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of(
                                "--release",
                                "21",
                                "-proc:none",
                                "-d",
                                folder.toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as("%s: %s", block, problems).isTrue();
        return loader(folder).loadClass(name());
    }

    /** Compiles and runs statements, and returns what they print. */
    String run(Path folder) throws Exception {
        var main = compile(folder).getMethod("main", String[].class);
        var printed = new ByteArrayOutputStream();
        var out = System.out;
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            main.invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private String source() {
        return isClass() ? block.text() : """
                %s

                public class %s {
                    public static void main(String[] arguments) throws Exception {
                %s
                    }
                }
                """.formatted(imports(), name(), body());
    }

    private String name() {
        var type = TYPE.matcher(body());
        return type.find() ? type.group(1) : "Snippet";
    }

    private String imports() {
        return block.text().lines().filter(JavaSnippet::isImport).collect(Collectors.joining("\n"));
    }

    private String body() {
        return block.text().lines().filter(line -> !isImport(line)).collect(Collectors.joining("\n"));
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }

    private static ClassLoader loader(Path folder) throws IOException {
        return new URLClassLoader(new URL[] {folder.toUri().toURL()});
    }
}
