package dev.chatlab.local.template;

import java.util.List;
import java.util.Map;

/** A template as written: YAML whose intrinsic functions, short or long, are calls; every node knows its line. */
sealed interface Node {

    int line();

    /** Text as written: an account id keeps its zeros, a version its date. */
    record Scalar(String text, boolean isNull, int line) implements Node {}

    record Sequence(List<Node> items, int line) implements Node {}

    record Mapping(Map<String, Node> entries, int line) implements Node {
        static final Mapping EMPTY = new Mapping(Map.of(), 0);
    }

    /** {@code !Sub x} and {@code Fn::Sub: x} alike; the function is named without {@code Fn::}. */
    record Call(String function, Node argument, int line) implements Node {}

    static Scalar text(String text, Node at) {
        return new Scalar(text, false, at.line());
    }

    /** What the node is, in the words of an error message. */
    default String kind() {
        return switch (this) {
            case Scalar scalar -> scalar.isNull() ? "nothing" : "text";
            case Sequence ignored -> "a list";
            case Mapping ignored -> "a map";
            case Call call -> "Fn::" + call.function();
        };
    }
}
