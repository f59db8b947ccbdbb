package dev.chatlab.packaging;

import java.util.Map;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;

/**
 * From one type to another, by way of what the first is known to be: what {@link java.lang.invoke.LambdaMetafactory} allows between
 * what a functional interface is called with and what the body takes. Widens, boxes, unboxes and casts; what is not what it is known
 * to be fails with a {@link ClassCastException}.
 */
record Conversion(Type from, Type known, Type to) {

    private static final Type OBJECT = Type.getType(Object.class);
    private static final Map<Type, Type> PRIMITIVES = Map.of(
            Type.getType(Boolean.class), Type.BOOLEAN_TYPE,
            Type.getType(Byte.class), Type.BYTE_TYPE,
            Type.getType(Character.class), Type.CHAR_TYPE,
            Type.getType(Short.class), Type.SHORT_TYPE,
            Type.getType(Integer.class), Type.INT_TYPE,
            Type.getType(Long.class), Type.LONG_TYPE,
            Type.getType(Float.class), Type.FLOAT_TYPE,
            Type.getType(Double.class), Type.DOUBLE_TYPE);

    /** Of the value on top of the stack. */
    void write(GeneratorAdapter code) {
        if (isPrimitive(from)) {
            if (isPrimitive(to)) {
                code.cast(from, to);
            } else {
                code.valueOf(known);
            }
        } else if (isPrimitive(to)) {
            cast(code, from, known);
            Type unboxed = PRIMITIVES.getOrDefault(known, to);
            code.unbox(unboxed);
            code.cast(unboxed, to);
        } else {
            cast(code, from, known);
            cast(code, known, to);
        }
    }

    private static void cast(GeneratorAdapter code, Type from, Type to) {
        if (!to.equals(from) && !to.equals(OBJECT)) {
            code.checkCast(to);
        }
    }

    private static boolean isPrimitive(Type type) {
        return type.getSort() < Type.ARRAY;
    }
}
