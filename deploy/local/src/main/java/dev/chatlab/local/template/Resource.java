package dev.chatlab.local.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One resource: its properties, each resolved when it is asked for. */
final class Resource {
    private final String logicalId;
    private final String type;
    private final List<String> dependsOn;
    private final Node.Mapping properties;
    private final int line;
    private final Intrinsics intrinsics;

    Resource(
            String logicalId,
            String type,
            List<String> dependsOn,
            Node.Mapping properties,
            int line,
            Intrinsics intrinsics) {
        this.logicalId = logicalId;
        this.type = type;
        this.dependsOn = dependsOn;
        this.properties = properties;
        this.line = line;
        this.intrinsics = intrinsics;
    }

    String logicalId() {
        return logicalId;
    }

    String type() {
        return type;
    }

    /** Other resources, by their logical ids. */
    List<String> dependsOn() {
        return dependsOn;
    }

    boolean is(String... types) {
        for (String candidate : types) {
            if (type.equals(candidate)) {
                return true;
            }
        }
        return false;
    }

    boolean has(String property) {
        return node(property).isPresent();
    }

    String text(String property) {
        return optionalText(property)
                .orElseThrow(() -> new TemplateException(line, logicalId, "the property " + property + " is missing"));
    }

    Optional<String> optionalText(String property) {
        return node(property).map(node -> switch (node) {
            case Node.Scalar scalar -> scalar.text();
            case Node other -> throw new TemplateException(other, place(property), "not text but " + other.kind());
        });
    }

    int integer(String property, int otherwise, int least, int most) {
        return optionalText(property)
                .map(text -> {
                    try {
                        int value = Integer.parseInt(text);
                        if (value >= least && value <= most) {
                            return value;
                        }
                    } catch (NumberFormatException e) {
                        // Said below, with the place.
                    }
                    throw problem(property, text + " is not a whole number from " + least + " to " + most);
                })
                .orElse(otherwise);
    }

    /** The map of text under the property, or under the given key of it. */
    Map<String, String> texts(String property, String... keys) {
        Node node = node(property).orElse(Node.Mapping.EMPTY);
        String place = place(property);
        for (String key : keys) {
            node = mapping(node, place).entries().getOrDefault(key, Node.Mapping.EMPTY);
            place += "." + key;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (var entry : mapping(node, place).entries().entrySet()) {
            if (!(entry.getValue() instanceof Node.Scalar scalar)) {
                throw new TemplateException(
                        entry.getValue(),
                        place + "." + entry.getKey(),
                        "not text but " + entry.getValue().kind());
            }
            texts.put(entry.getKey(), scalar.text());
        }
        return texts;
    }

    /** The property as maps, lists and text. */
    Optional<Object> value(String property) {
        return node(property).map(Resource::value);
    }

    /** All properties, each as {@link #value(String)} has it. */
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
            case Node.Call call -> throw new IllegalStateException("not resolved: " + call.kind());
        };
    }

    TemplateException problem(String property, String problem) {
        var at = properties.entries().get(property);
        return new TemplateException(at == null ? line : at.line(), place(property), problem);
    }

    TemplateException problem(String problem) {
        return new TemplateException(line, logicalId, problem);
    }

    private Optional<Node> node(String property) {
        var written = properties.entries().get(property);
        return written == null
                ? Optional.empty()
                : intrinsics
                        .resolve(written, place(property))
                        .filter(node -> !(node instanceof Node.Scalar scalar && scalar.isNull()));
    }

    private String place(String property) {
        return logicalId + "." + property;
    }

    private static Node.Mapping mapping(Node node, String place) {
        return switch (node) {
            case Node.Mapping mapping -> mapping;
            case Node other -> throw new TemplateException(other, place, "not a map but " + other.kind());
        };
    }
}
