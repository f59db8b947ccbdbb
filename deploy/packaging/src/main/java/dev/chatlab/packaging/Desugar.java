package dev.chatlab.packaging;

import static java.util.stream.Collectors.toMap;
import static org.objectweb.asm.Opcodes.ACC_ABSTRACT;
import static org.objectweb.asm.Opcodes.ACC_STATIC;

import dev.chatlab.packaging.Expression.Functional;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Writes the classes of a jar's lambda expressions and method references into it, few for many, where javac leaves it to the JVM to
 * make one for each when it first comes to it ({@link java.lang.invoke.LambdaMetafactory}). What they do stays the same, but for
 * stack traces, in which the JVM's own do not appear. Left to the JVM is what only it can make ({@link Expression}), and what it
 * makes in time where one class for many would come too late ({@link #initializes}).
 *
 * <p>The outermost class of a nested one has to be in the jar, and it has to load. There may be but one class of a name: no
 * multi-release jars.
 */
final class Desugar {

    private final Map<String, ClassNode> classes;
    private final Set<ClassNode> changed = new HashSet<>();
    private final Map<String, FunctionClass> functions = new LinkedHashMap<>();

    private Desugar(Collection<byte[]> classes) {
        this.classes = classes.stream().map(Desugar::parse).collect(toMap(node -> node.name, Function.identity()));
    }

    /** Takes a jar, the one that it is to become, and the time that is to be in it, in ISO 8601. */
    public static void main(String[] arguments) throws IOException {
        desugar(Jar.read(Path.of(arguments[0])))
                .write(Path.of(arguments[1]), LocalDateTime.ofInstant(Instant.parse(arguments[2]), ZoneOffset.UTC));
    }

    static Jar desugar(Jar jar) {
        var desugar = new Desugar(jar.files().entrySet().stream()
                .filter(file -> file.getKey().endsWith(Jar.CLASS))
                .map(Map.Entry::getValue)
                .toList());
        jar.files().keySet().stream()
                .filter(name -> name.endsWith(Jar.CLASS))
                .map(name -> name.substring(0, name.length() - Jar.CLASS.length()))
                .forEach(desugar::replace);
        var files = new TreeMap<>(jar.files());
        desugar.changed.forEach(node -> files.put(node.name + Jar.CLASS, write(node)));
        desugar.functions.forEach((name, function) -> files.put(name + Jar.CLASS, function.write()));
        return new Jar(files);
    }

    private void replace(String name) {
        ClassNode host = node(name);
        Map<Functional, FunctionClass> own = new LinkedHashMap<>();
        for (MethodNode method : host.methods) {
            for (AbstractInsnNode instruction : method.instructions.toArray()) {
                if (instruction instanceof InvokeDynamicInsnNode dynamic) {
                    Expression.of(dynamic, host)
                            .filter(expression ->
                                    !initializes(expression.functional().type().getInternalName()))
                            .ifPresent(expression -> method.instructions.set(
                                    dynamic,
                                    own.computeIfAbsent(expression.functional(), functional -> make(host, functional))
                                            .replacement(expression)));
                }
            }
        }
    }

    /**
     * Whether an interface of the jar is initialized by code, which may come to expressions itself, before a class that implements it
     * is: so it is if it has default methods (Java Virtual Machine Specification, 5.5). The JVM's classes are of one expression each,
     * and do not wait for one another.
     */
    private boolean initializes(String name) {
        ClassNode type = classes.get(name);
        if (type == null) {
            return false;
        }
        boolean code = has(type, method -> method.name.equals("<clinit>"));
        boolean defaults = has(type, method -> (method.access & (ACC_ABSTRACT | ACC_STATIC)) == 0);
        return (code && defaults) || type.interfaces.stream().anyMatch(this::initializes);
    }

    private static boolean has(ClassNode type, Predicate<MethodNode> method) {
        return type.methods.stream().anyMatch(method);
    }

    private FunctionClass make(ClassNode host, Functional functional) {
        ClassNode nest = host.nestHostClass == null ? host : node(host.nestHostClass);
        String simple = host.name + "$$" + functional.simpleName();
        String name = simple;
        for (int more = 2; functions.containsKey(name) || classes.containsKey(name); more++) {
            name = simple + more;
        }
        admit(nest, name);
        changed.add(nest);
        changed.add(host);
        var function = new FunctionClass(name, nest.name, functional);
        functions.put(name, function);
        return function;
    }

    /** What is in a nest may call what is private there; before Java 11 there were none. */
    private static void admit(ClassNode nest, String member) {
        if ((nest.version & 0xffff) < Opcodes.V11) {
            nest.version = Opcodes.V11;
        }
        if (nest.nestMembers == null) {
            nest.nestMembers = new ArrayList<>();
        }
        nest.nestMembers.add(member);
    }

    private ClassNode node(String name) {
        return Objects.requireNonNull(classes.get(name), () -> name + " is not in the jar");
    }

    private static ClassNode parse(byte[] bytes) {
        var node = new ClassNode();
        new ClassReader(bytes).accept(node, 0);
        return node;
    }

    private static byte[] write(ClassNode node) {
        var writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }
}
