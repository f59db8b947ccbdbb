package dev.chatlab.packaging;

import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PRIVATE;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACC_SUPER;
import static org.objectweb.asm.Opcodes.ACC_SYNTHETIC;

import dev.chatlab.packaging.Expression.Functional;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.Method;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * One class for all expressions of one class that are of one functional interface: each instance knows which of them it is, and
 * holds what that one captured. It belongs to the nest of the class that they stand in, so that it may call what is private there.
 */
final class FunctionClass {

    private static final Type OBJECT = Type.getType(Object.class);
    private static final String INDEX = "index";

    private final Type type;
    private final String nestHost;
    private final Functional functional;
    private final List<Expression> expressions = new ArrayList<>();

    FunctionClass(String name, String nestHost, Functional functional) {
        type = Type.getObjectType(name);
        this.nestHost = nestHost;
        this.functional = functional;
    }

    /**
     * Takes in an expression, and gives what stands in its place: it needs on the stack, and leaves there, just the same. That is the
     * interface: to know that this class is one, the JVM would have to load it as soon as it verifies the host.
     */
    AbstractInsnNode replacement(Expression expression) {
        int index = expressions.size();
        expressions.add(expression);
        String owner = type.getInternalName();
        return expression.captured().isEmpty()
                ? new FieldInsnNode(
                        Opcodes.GETSTATIC, owner, name(index), functional.type().getDescriptor())
                : new MethodInsnNode(
                        Opcodes.INVOKESTATIC, owner, name(index), factory(index).getDescriptor(), false);
    }

    private Method factory(int index) {
        return new Method(
                name(index),
                functional.type(),
                expressions.get(index).captured().toArray(Type[]::new));
    }

    private static String name(int index) {
        return "e" + index;
    }

    byte[] write() {
        var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(
                Opcodes.V11,
                ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC,
                type.getInternalName(),
                null,
                OBJECT.getInternalName(),
                new String[] {functional.type().getInternalName()});
        writer.visitNestHost(nestHost);
        Set<Method> constructors = new LinkedHashSet<>();
        for (Expression expression : expressions) {
            constructors.add(constructor(expression));
        }
        fields(writer, constructors);
        constructors.forEach(constructor -> construct(writer, constructor));
        singletons(writer);
        factories(writer);
        dispatch(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    // --- what an instance holds ---

    /** References are held as objects, so that expressions that captured as many have the same fields and constructor. */
    private static Type held(Type captured) {
        return captured.getSort() >= Type.ARRAY ? OBJECT : captured;
    }

    private static Method constructor(Expression expression) {
        List<Type> parameters = new ArrayList<>();
        parameters.add(Type.INT_TYPE);
        expression.captured().forEach(captured -> parameters.add(held(captured)));
        return new Method("<init>", Type.VOID_TYPE, parameters.toArray(Type[]::new));
    }

    private static String field(int position, Type held) {
        return held.getDescriptor().charAt(0) + Integer.toString(position);
    }

    /** Final, as the JVM has them: who is handed an instance without synchronization sees what it captured. */
    private void fields(ClassWriter writer, Set<Method> constructors) {
        writer.visitField(ACC_PRIVATE | ACC_FINAL, INDEX, "I", null, null);
        Set<String> seen = new HashSet<>();
        for (Method constructor : constructors) {
            Type[] parameters = constructor.getArgumentTypes();
            for (int i = 1; i < parameters.length; i++) {
                if (seen.add(field(i, parameters[i]))) {
                    writer.visitField(
                            ACC_PRIVATE | ACC_FINAL,
                            field(i, parameters[i]),
                            parameters[i].getDescriptor(),
                            null,
                            null);
                }
            }
        }
    }

    private void construct(ClassWriter writer, Method constructor) {
        var code = method(writer, ACC_PRIVATE, constructor);
        code.loadThis();
        code.invokeConstructor(OBJECT, new Method("<init>", "()V"));
        code.loadThis();
        code.loadArg(0);
        code.putField(type, INDEX, Type.INT_TYPE);
        Type[] parameters = constructor.getArgumentTypes();
        for (int i = 1; i < parameters.length; i++) {
            code.loadThis();
            code.loadArg(i);
            code.putField(type, field(i, parameters[i]), parameters[i]);
        }
        code.returnValue();
        code.endMethod();
    }

    // --- how it comes to be ---

    /** What captures nothing is made once, as the JVM does. */
    private void singletons(ClassWriter writer) {
        if (expressions.stream().noneMatch(expression -> expression.captured().isEmpty())) {
            return;
        }
        var code = method(writer, ACC_STATIC, new Method("<clinit>", "()V"));
        for (int index = 0; index < expressions.size(); index++) {
            Expression expression = expressions.get(index);
            if (expression.captured().isEmpty()) {
                writer.visitField(
                        ACC_STATIC | ACC_FINAL, name(index), functional.type().getDescriptor(), null, null);
                code.newInstance(type);
                code.dup();
                code.push(index);
                code.invokeConstructor(type, constructor(expression));
                code.putStatic(type, name(index), functional.type());
            }
        }
        code.returnValue();
        code.endMethod();
    }

    private void factories(ClassWriter writer) {
        for (int index = 0; index < expressions.size(); index++) {
            Expression expression = expressions.get(index);
            if (!expression.captured().isEmpty()) {
                var code = method(writer, ACC_STATIC, factory(index));
                code.newInstance(type);
                code.dup();
                code.push(index);
                code.loadArgs();
                code.invokeConstructor(type, constructor(expression));
                code.returnValue();
                code.endMethod();
            }
        }
    }

    // --- how it is called ---

    private void dispatch(ClassWriter writer) {
        var code = method(
                writer,
                ACC_PUBLIC,
                new Method(functional.method(), functional.erased().getDescriptor()));
        if (expressions.size() > 1) {
            Label[] labels = new Label[expressions.size()];
            for (int index = 0; index < labels.length; index++) {
                labels[index] = code.newLabel();
            }
            Object[] locals = locals();
            code.loadThis();
            code.getField(type, INDEX, Type.INT_TYPE);
            code.visitTableSwitchInsn(0, labels.length - 1, labels[labels.length - 1], labels);
            for (int index = 0; index < labels.length; index++) {
                code.mark(labels[index]);
                code.visitFrame(Opcodes.F_NEW, locals.length, locals, 0, new Object[0]);
                call(code, expressions.get(index));
            }
        } else {
            call(code, expressions.getFirst());
        }
        code.endMethod();
    }

    /** For the verifier: the instance, and what it is called with. */
    private Object[] locals() {
        List<Object> locals = new ArrayList<>();
        locals.add(type.getInternalName());
        for (Type argument : functional.erased().getArgumentTypes()) {
            locals.add(
                    switch (argument.getSort()) {
                        case Type.LONG -> Opcodes.LONG;
                        case Type.FLOAT -> Opcodes.FLOAT;
                        case Type.DOUBLE -> Opcodes.DOUBLE;
                        case Type.OBJECT, Type.ARRAY -> argument.getInternalName();
                        default -> Opcodes.INTEGER;
                    });
        }
        return locals.toArray();
    }

    private void call(GeneratorAdapter code, Expression expression) {
        Handle body = expression.body();
        Type owner = Type.getObjectType(body.getOwner());
        List<Type> parameters = new ArrayList<>(List.of(Type.getArgumentTypes(body.getDesc())));
        switch (body.getTag()) {
            case Opcodes.H_INVOKESTATIC -> {}
            case Opcodes.H_NEWINVOKESPECIAL -> {
                code.newInstance(owner);
                code.dup();
            }
            default -> parameters.addFirst(owner);
        }

        List<Type> captured = expression.captured();
        for (int i = 0; i < captured.size(); i++) {
            Type held = held(captured.get(i));
            code.loadThis();
            code.getField(type, field(i + 1, held), held);
            new Conversion(held, captured.get(i), parameters.get(i)).write(code);
        }
        Type[] given = functional.erased().getArgumentTypes();
        Type[] instantiated = expression.instantiated().getArgumentTypes();
        for (int i = 0; i < given.length; i++) {
            code.loadArg(i);
            new Conversion(given[i], instantiated[i], parameters.get(captured.size() + i)).write(code);
        }

        int how = switch (body.getTag()) {
            case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
            case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
            // Private methods, too: since Java 11 whoever is in the nest calls them like others.
            default -> body.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
        };
        code.visitMethodInsn(how, body.getOwner(), body.getName(), body.getDesc(), body.isInterface());

        Type result = how == Opcodes.INVOKESPECIAL ? owner : Type.getReturnType(body.getDesc());
        Type wanted = functional.erased().getReturnType();
        if (!wanted.equals(Type.VOID_TYPE)) {
            new Conversion(result, result, wanted).write(code);
        }
        // What is left on the stack, the return drops.
        code.returnValue();
    }

    private static GeneratorAdapter method(ClassWriter writer, int access, Method method) {
        var code = new GeneratorAdapter(
                access, method, writer.visitMethod(access, method.getName(), method.getDescriptor(), null, null));
        code.visitCode();
        return code;
    }
}
