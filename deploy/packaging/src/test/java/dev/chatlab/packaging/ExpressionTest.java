package dev.chatlab.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Which instructions are left to the JVM; compilers of today write few of them. */
class ExpressionTest {

    private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final Type RUN = Type.getMethodType("()V");

    static Stream<Arguments> instructions() {
        return Stream.of(
                Arguments.of("a static body", FACTORY, "metafactory", Opcodes.H_INVOKESTATIC, "Host", "own", true),
                Arguments.of("a private one", FACTORY, "metafactory", Opcodes.H_INVOKESPECIAL, "Host", "own", true),
                Arguments.of("one to override", FACTORY, "metafactory", Opcodes.H_INVOKESPECIAL, "Host", "open", false),
                Arguments.of("a superclass's", FACTORY, "metafactory", Opcodes.H_INVOKESPECIAL, "Base", "own", false),
                Arguments.of("with markers", FACTORY, "altMetafactory", Opcodes.H_INVOKESTATIC, "Host", "own", false),
                Arguments.of("no expression", "Host", "metafactory", Opcodes.H_INVOKESTATIC, "Host", "own", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("instructions")
    void isOneThatAnotherClassCanHaveTheBodyOf(
            String what, String factory, String method, int tag, String owner, String body, boolean expression) {
        var host = new ClassNode();
        host.name = "Host";
        host.methods.add(new MethodNode(Opcodes.ACC_PRIVATE, "own", "()V", null, null));
        host.methods.add(new MethodNode(Opcodes.ACC_PRIVATE, "open", "(I)V", null, null));
        host.methods.add(new MethodNode(Opcodes.ACC_PUBLIC, "open", "()V", null, null));
        var instruction = new InvokeDynamicInsnNode(
                "run",
                "()Ljava/lang/Runnable;",
                new Handle(Opcodes.H_INVOKESTATIC, factory, method, "()V", false),
                RUN,
                new Handle(tag, owner, body, "()V", false),
                RUN);

        assertThat(Expression.of(instruction, host).isPresent()).as(what).isEqualTo(expression);
    }
}
