package dev.chatlab.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class DesugarTest {

    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    /** Methods of {@link Nest}. */
    private static final Set<String> PRIVATE = Set.of("hidden", "dear");

    @TempDir
    private Path folder;

    private Jar compiled = new Jar(new TreeMap<>());

    @BeforeEach
    void compiled() throws IOException {
        compiled = compiled(Expressions.class);
    }

    /** A class, and those that it nests. */
    private static Jar compiled(Class<?> type) throws IOException {
        var jar = new Jar(new TreeMap<>());
        Path classes = Path.of("target", "test-classes");
        try (var files = Files.list(classes.resolve(type.getPackageName().replace('.', '/')))) {
            for (Path file : (Iterable<Path>)
                    files.filter(path ->
                            path.getFileName().toString().matches(type.getSimpleName() + "(\\$.*)?\\.class"))
                            ::iterator) {
                jar.files().put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return jar;
    }

    @Test
    void everyExpressionGivesWhatItGave() throws Exception {
        assertThat(run(Desugar.desugar(compiled)).results())
                .isEqualTo(run(compiled).results())
                .hasSizeGreaterThan(40);
    }

    @Test
    void theJvmMakesNoClassesForThem() throws Exception {
        assertThat(run(compiled).made())
                .allSatisfy(
                        function -> assertThat(function.getClass().isHidden()).isTrue());
        assertThat(run(Desugar.desugar(compiled)).made())
                .allSatisfy(
                        function -> assertThat(function.getClass().isHidden()).isFalse());
    }

    /** One for each interface that a class has expressions of, and no more. */
    @Test
    void manyShareOneClass() throws Exception {
        Run desugared = run(Desugar.desugar(compiled));

        assertThat(desugared.made().stream()
                        .map(Object::getClass)
                        .map(Class::getName)
                        .filter(name -> name.endsWith(".Expressions$$Supplier")))
                .hasSizeGreaterThan(5);
        assertThat(Desugar.desugar(compiled).files().keySet().stream().filter(name -> name.contains("$$")))
                .hasSizeLessThan(desugared.made().size());
    }

    @Test
    void whatIsPrivateInANestIsCalled() throws Exception {
        assertThat(nested(compiled(Nest.class))).containsExactly("hidden", true, "hiddenann", true, "dear ann", true);
        assertThat(nested(Desugar.desugar(compiled(Nest.class))))
                .containsExactly("hidden", false, "hiddenann", false, "dear ann", false);
    }

    /** As the SDK's are compiled: with no nests, and private methods called as such. */
    @Test
    void whatIsPrivateInAClassOfBeforeNestsIsCalled() throws Exception {
        Jar old = compiled(Nest.class);
        old.files().replaceAll((name, bytes) -> asOfJava8(bytes));

        assertThat(nested(old)).containsExactly("hidden", true, "hiddenann", true, "dear ann", true);
        assertThat(nested(Desugar.desugar(old)))
                .containsExactly("hidden", false, "hiddenann", false, "dear ann", false);
    }

    @Test
    void theSameJarAgainIsTheSame() throws IOException {
        Path one = folder.resolve("one.jar");
        Path other = folder.resolve("other.jar");
        Desugar.desugar(compiled).write(one, TIME);
        Desugar.desugar(compiled).write(other, TIME);

        assertThat(other).hasSameBinaryContentAs(one);
    }

    @Test
    void whatIsNoClassStaysAsItIs() throws IOException {
        compiled.files().put("META-INF/services/some.Service", new byte[] {1, 2, 3});

        assertThat(Desugar.desugar(compiled).files().get("META-INF/services/some.Service"))
                .containsExactly(1, 2, 3);
    }

    // --- running it ---

    private record Run(Map<String, Object> results, List<Object> made) {}

    @SuppressWarnings("unchecked") // the class is there twice, and the JDK's types once
    private Run run(Jar jar) throws Exception {
        try (var loader = loader(jar)) {
            Object expressions = loader.loadClass(Expressions.class.getName())
                    .getConstructor()
                    .newInstance();
            var results = ((Supplier<Map<String, Object>>) expressions).get();
            results.replaceAll((what, result) -> result.toString());
            return new Run(results, (List<Object>)
                    expressions.getClass().getMethod("made").invoke(expressions));
        }
    }

    private List<Object> nested(Jar jar) throws Exception {
        try (var loader = loader(jar)) {
            @SuppressWarnings("unchecked") // the same
            var nested = (Supplier<List<Object>>) loader.loadClass(Nest.Nested.class.getName())
                    .getConstructor()
                    .newInstance();
            return nested.get();
        }
    }

    private URLClassLoader loader(Jar jar) throws IOException {
        Path file = Files.createTempFile(folder, "classes", ".jar");
        jar.write(file, TIME);
        return new URLClassLoader(new URL[] {file.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    private static ClassNode node(byte[] bytes) {
        var node = new ClassNode();
        new ClassReader(bytes).accept(node, 0);
        return node;
    }

    private static byte[] asOfJava8(byte[] bytes) {
        ClassNode node = node(bytes);
        node.version = Opcodes.V1_8;
        node.nestHostClass = null;
        node.nestMembers = null;
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof InvokeDynamicInsnNode dynamic
                        && dynamic.bsmArgs[1] instanceof Handle body
                        && body.getTag() != Opcodes.H_INVOKESTATIC) {
                    dynamic.bsmArgs[1] = new Handle(
                            Opcodes.H_INVOKESPECIAL,
                            body.getOwner(),
                            body.getName(),
                            body.getDesc(),
                            body.isInterface());
                }
                if (instruction instanceof MethodInsnNode call && PRIVATE.contains(call.name)) {
                    call.setOpcode(Opcodes.INVOKESPECIAL);
                }
            }
        }
        var writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }
}
