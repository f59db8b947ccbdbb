package dev.samlocal.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One resource of a template. Each property is resolved when it is read. */
record Resource(
        String logicalId,
        String type,
        List<String> dependsOn,
        Node.Mapping properties,
        int line,
        Intrinsics intrinsics) {

    boolean is(String... types) {
        return List.of(types).contains(type);
    }

    String text(String property) {
        return optionalText(property)
                .orElseThrow(() -> new TemplateException(line, logicalId, "the property " + property + " is missing"));
    }

    Optional<String> optionalText(String property) {
        return node(property).map(node -> node.asText(place(property)));
    }

    int integer(String property, int otherwise, int least, int most) {
        return optionalText(property)
                .map(text -> {
                    if (text.matches("\\d{1,9}")) {
                        int value = Integer.parseInt(text);
                        if (value >= least && value <= most) {
                            return value;
                        }
                    }
                    throw problem(property, text + " is not a whole number from " + least + " to " + most);
                })
                .orElse(otherwise);
    }

    /** The map of text that is the property, or that is under the given key of it. */
    Map<String, String> texts(String property, String... keys) {
        Node.Mapping mapping = node(property).orElse(Node.Mapping.EMPTY).asMapping(place(property));
        String place = place(property);
        for (String key : keys) {
            place += "." + key;
            mapping = mapping.entries().getOrDefault(key, Node.Mapping.EMPTY).asMapping(place);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (var entry : mapping.entries().entrySet()) {
            texts.put(entry.getKey(), entry.getValue().asText(place + "." + entry.getKey()));
        }
        return texts;
    }

    /** The property as maps, lists and text. */
    Optional<Object> value(String property) {
        return node(property).map(Resource::value);
    }

    List<?> items(String property) {
        return items(value(property).orElse(null));
    }

    /** The items of a list, which a template may also write as one item without a list. */
    static List<?> items(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list;
            case Object item -> List.of(item);
        };
    }

    /** All properties as maps, lists and text. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        properties.entries().keySet().forEach(name -> value(name).ifPresent(value -> values.put(name, value)));
        return values;
    }

    private static Object value(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> scalar.text();
            case Node.Sequence sequence ->
                sequence.items().stream().map(Resource::value).toList();
            case Node.Mapping mapping -> {
                Map<String, Object> values = new LinkedHashMap<>();
                mapping.entries().forEach((key, value) -> values.put(key, value(value)));
                yield values;
            }
            case Node.Call call -> throw new IllegalStateException("not resolved: " + call.function());
        };
    }

    /** The line of a property, or of the resource where the property is not written. */
    int line(String property) {
        var at = properties.entries().get(property);
        return at == null ? line : at.line();
    }

    TemplateException problem(String property, String problem) {
        return new TemplateException(line(property), place(property), problem);
    }

    TemplateException problem(String problem) {
        return new TemplateException(line, logicalId, problem);
    }

    private Optional<Node> node(String property) {
        return Optional.ofNullable(properties.entries().get(property))
                .flatMap(written -> intrinsics.resolve(written, place(property)))
                .filter(node -> !(node instanceof Node.Scalar scalar && scalar.isNull()));
    }

    private String place(String property) {
        return logicalId + "." + property;
    }
}
