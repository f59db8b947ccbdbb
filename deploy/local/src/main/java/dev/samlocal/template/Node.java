package dev.samlocal.template;

import java.util.List;
import java.util.Map;

/** A node of a template's YAML. Intrinsic functions, short or long, are calls. Every node knows its line. */
sealed interface Node {

    int line();

    /** Text as written: an account id keeps its leading zeros. */
    record Scalar(String text, boolean isNull, int line) implements Node {}

    record Sequence(List<Node> items, int line) implements Node {
        List<String> texts(String place) {
            return items.stream().map(item -> item.asText(place)).toList();
        }
    }

    record Mapping(Map<String, Node> entries, int line) implements Node {
        static final Mapping EMPTY = new Mapping(Map.of(), 0);
    }

    /** {@code !Sub x} and {@code Fn::Sub: x} alike; the function's name is without {@code Fn::}. */
    record Call(String function, Node argument, int line) implements Node {}

    static Scalar text(String text, Node at) {
        return new Scalar(text, false, at.line());
    }

    static Sequence texts(List<String> texts, Node at) {
        return new Sequence(texts.stream().map(text -> (Node) text(text, at)).toList(), at.line());
    }

    default String asText(String place) {
        if (this instanceof Scalar scalar) {
            return scalar.text();
        }
        throw new TemplateException(this, place, "must be text");
    }

    default Mapping asMapping(String place) {
        if (this instanceof Mapping mapping) {
            return mapping;
        }
        throw new TemplateException(this, place, "must be a map");
    }
}
