package dev.samlocal.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evaluates CloudFormation's intrinsic functions and conditions. */
final class Intrinsics {
    /** {@code ${Name}}, {@code ${Name.Attribute}} and the literal {@code ${!Name}} of {@code Fn::Sub}. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^{}]*)}");

    private final Map<String, Node> parameters;
    private final Node.Mapping mappings;
    private final Node.Mapping conditions;
    private final Map<String, String> resourceConditions;
    private final PhysicalIds physicalIds;

    /** @param resourceConditions the condition's name of each resource that has one, by logical id */
    Intrinsics(
            Map<String, Node> parameters,
            Node.Mapping mappings,
            Node.Mapping conditions,
            Map<String, String> resourceConditions,
            PhysicalIds physicalIds) {
        this.parameters = parameters;
        this.mappings = mappings;
        this.conditions = conditions;
        this.resourceConditions = resourceConditions;
        this.physicalIds = physicalIds;
    }

    /** The node with every call evaluated; empty for {@code AWS::NoValue}, which removes the property. */
    Optional<Node> resolve(Node node, String place) {
        return switch (node) {
            case Node.Scalar scalar -> Optional.of(scalar);
            case Node.Sequence sequence -> {
                List<Node> items = new ArrayList<>();
                for (Node item : sequence.items()) {
                    resolve(item, place).ifPresent(items::add);
                }
                yield Optional.of(new Node.Sequence(List.copyOf(items), sequence.line()));
            }
            case Node.Mapping mapping -> {
                Map<String, Node> entries = new LinkedHashMap<>();
                mapping.entries()
                        .forEach((key, value) ->
                                resolve(value, place + "." + key).ifPresent(resolved -> entries.put(key, resolved)));
                yield Optional.of(new Node.Mapping(entries, mapping.line()));
            }
            case Node.Call call -> call(call, place);
        };
    }

    boolean condition(String name, Node at, String place) {
        var definition = conditions.entries().get(name);
        if (definition == null) {
            throw new TemplateException(at, place, "there is no condition " + name);
        }
        return holds(definition, "Conditions." + name);
    }

    private Optional<Node> call(Node.Call call, String place) {
        return switch (call.function()) {
            case "Ref" -> {
                String name = text(call.argument(), place);
                yield name.equals("AWS::NoValue") ? Optional.empty() : Optional.of(reference(name, call, place));
            }
            case "GetAtt" -> {
                // Both Resource.Attribute and [Resource, Attribute].
                String name = String.join(".", texts(call.argument(), place));
                yield Optional.of(Node.text(attribute(name, call, place), call));
            }
            case "Sub" -> Optional.of(Node.text(sub(call, place), call));
            case "Join" -> {
                var arguments = arguments(call, place, 2);
                yield Optional.of(
                        Node.text(String.join(text(arguments.get(0), place), texts(arguments.get(1), place)), call));
            }
            case "Split" -> {
                var arguments = arguments(call, place, 2);
                var parts = text(arguments.get(1), place).split(Pattern.quote(text(arguments.get(0), place)), -1);
                yield Optional.of(Node.texts(Arrays.asList(parts), call));
            }
            case "Select" -> {
                var arguments = arguments(call, place, 2);
                String index = text(arguments.get(0), place);
                var items = texts(arguments.get(1), place);
                if (!index.matches("\\d{1,6}") || Integer.parseInt(index) >= items.size()) {
                    throw new TemplateException(
                            call, place, "Fn::Select has no item " + index + " in a list of " + items.size());
                }
                yield Optional.of(Node.text(items.get(Integer.parseInt(index)), call));
            }
            case "FindInMap" -> {
                var keys = texts(new Node.Sequence(arguments(call, place, 3), call.line()), place);
                Node at = mappings;
                for (String key : keys) {
                    at = at instanceof Node.Mapping mapping ? mapping.entries().get(key) : null;
                }
                if (at == null) {
                    throw new TemplateException(call, place, "Mappings has no " + String.join(".", keys));
                }
                yield resolve(at, place);
            }
            case "If" -> {
                var arguments = arguments(call, place, 3);
                boolean holds = condition(text(arguments.get(0), place), call, place);
                yield resolve(arguments.get(holds ? 1 : 2), place);
            }
            case "Base64" -> {
                byte[] bytes = text(call.argument(), place).getBytes(StandardCharsets.UTF_8);
                yield Optional.of(Node.text(Base64.getEncoder().encodeToString(bytes), call));
            }
            default -> throw new TemplateException(call, place, "Fn::" + call.function() + " is not supported here");
        };
    }

    private Node reference(String name, Node at, String place) {
        var parameter = parameters.get(name);
        if (parameter != null) {
            return parameter;
        }
        requirePresent(name, at, place);
        return physicalIds
                .ref(name)
                .map(id -> Node.text(id, at))
                .orElseThrow(() -> new TemplateException(at, place, "there is no resource or parameter " + name));
    }

    private String attribute(String name, Node at, String place) {
        requirePresent(name, at, place);
        return physicalIds
                .attribute(name)
                .orElseThrow(() -> new TemplateException(at, place, "there is no resource with the attribute " + name));
    }

    private void requirePresent(String name, Node at, String place) {
        String logicalId = name.split("\\.", 2)[0];
        var condition = resourceConditions.get(logicalId);
        if (condition != null && !condition(condition, at, place)) {
            throw new TemplateException(
                    at, place, logicalId + " does not exist, because the condition " + condition + " is false");
        }
    }

    private String sub(Node.Call call, String place) {
        Node pattern = call.argument();
        Map<String, Node> own = Map.of();
        if (pattern instanceof Node.Sequence) {
            var arguments = arguments(call, place, 2);
            pattern = arguments.get(0);
            own = arguments.get(1).asMapping(place).entries();
        }
        var variables = own;
        return VARIABLE.matcher(text(pattern, place)).replaceAll(match -> {
            String name = match.group(2).strip();
            if (!match.group(1).isEmpty()) {
                return Matcher.quoteReplacement("${" + name + "}");
            }
            var given = variables.get(name);
            boolean isReference = parameters.containsKey(name)
                    || !name.contains(".")
                    || physicalIds.ref(name).isPresent();
            return Matcher.quoteReplacement(
                    given != null
                            ? text(given, place)
                            : isReference ? text(reference(name, call, place), place) : attribute(name, call, place));
        });
    }

    private boolean holds(Node node, String place) {
        if (node instanceof Node.Mapping mapping && mapping.entries().get("Condition") instanceof Node.Scalar name) {
            return condition(name.text(), node, place);
        }
        if (!(node instanceof Node.Call call)) {
            throw new TemplateException(node, place, "a condition is a function");
        }
        return switch (call.function()) {
            case "Condition" -> condition(text(call.argument(), place), call, place);
            case "Equals" -> {
                var arguments = arguments(call, place, 2);
                yield texts(arguments.get(0), place).equals(texts(arguments.get(1), place));
            }
            case "Not" -> !holds(arguments(call, place, 1).get(0), place);
            case "And" -> arguments(call, place, -1).stream().allMatch(operand -> holds(operand, place));
            case "Or" -> arguments(call, place, -1).stream().anyMatch(operand -> holds(operand, place));
            default -> throw new TemplateException(call, place, "a condition cannot be " + "Fn::" + call.function());
        };
    }

    /** @param count the number of arguments; -1 for any */
    private static List<Node> arguments(Node.Call call, String place, int count) {
        if (call.argument() instanceof Node.Sequence arguments
                && (count < 0 || arguments.items().size() == count)) {
            return arguments.items();
        }
        throw new TemplateException(
                call, place, "Fn::" + call.function() + " takes a list" + (count < 0 ? "" : " of " + count));
    }

    private String text(Node node, String place) {
        return String.join(",", texts(node, place));
    }

    private List<String> texts(Node node, String place) {
        return switch (resolve(node, place)
                .orElseThrow(() -> new TemplateException(node, place, "must be text, not AWS::NoValue"))) {
            case Node.Sequence list -> list.texts(place);
            case Node other -> List.of(other.asText(place));
        };
    }
}
