package dev.chatlab.packaging;

import java.util.List;
import java.util.Optional;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/**
 * A lambda expression or method reference, as {@link java.lang.invoke.LambdaMetafactory#metafactory} is told of it.
 *
 * @param captured what it takes along from where it stands
 * @param functional the method that it is called by
 * @param instantiated with which types that is: its own, or more special ones
 * @param body the method that is called then
 */
record Expression(List<Type> captured, Functional functional, Type instantiated, Handle body) {

    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

    /** The one abstract method of an interface, with its type after erasure. */
    record Functional(Type type, String method, Type erased) {

        String simpleName() {
            return type.getClassName().replaceFirst(".*[.$]", "");
        }
    }

    /**
     * What the instruction makes, if it is an expression that another class than its host can have the body of. Serializable ones
     * and such with markers come from another factory; only a class itself may call a method of its superclass as such.
     */
    static Optional<Expression> of(InvokeDynamicInsnNode instruction, ClassNode host) {
        if (!instruction.bsm.getOwner().equals(METAFACTORY)
                || !instruction.bsm.getName().equals("metafactory")) {
            return Optional.empty();
        }
        Type factory = Type.getMethodType(instruction.desc);
        var body = (Handle) instruction.bsmArgs[1];
        if (body.getTag() == Opcodes.H_INVOKESPECIAL && !isPrivate(body, host)) {
            return Optional.empty();
        }
        return Optional.of(new Expression(
                List.of(factory.getArgumentTypes()),
                new Functional(factory.getReturnType(), instruction.name, (Type) instruction.bsmArgs[0]),
                (Type) instruction.bsmArgs[2],
                body));
    }

    private static boolean isPrivate(Handle body, ClassNode host) {
        return body.getOwner().equals(host.name)
                && host.methods.stream()
                        .anyMatch(method -> (method.access & Opcodes.ACC_PRIVATE) != 0
                                && method.name.equals(body.getName())
                                && method.desc.equals(body.getDesc()));
    }
}
