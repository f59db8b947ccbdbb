package dev.chatlab.local.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The intrinsic functions, conditions and pseudo parameters of CloudFormation; not for concurrent use. */
final class Intrinsics {
    /** {@code ${Name}}, {@code ${Name.Attribute}} and the literal {@code ${!Name}} of {@code Fn::Sub}. */
    static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^{}]*)}");

    private static final int MAX_DEPTH = 100;

    private final Map<String, Node> parameters;
    private final Node.Mapping mappings;
    private final Node.Mapping conditions;
    private final PhysicalIds physicalIds;
    private final Map<String, Optional<String>> resourceConditions;
    private int depth;

    Intrinsics(
            Map<String, Node> parameters,
            Node.Mapping mappings,
            Node.Mapping conditions,
            Map<String, Optional<String>> resourceConditions,
            PhysicalIds physicalIds) {
        this.parameters = parameters;
        this.mappings = mappings;
        this.conditions = conditions;
        this.resourceConditions = resourceConditions;
        this.physicalIds = physicalIds;
    }

    /** The node without calls; nothing for {@code AWS::NoValue}, which whatever contains it leaves out. */
    Optional<Node> resolve(Node node, String place) {
        return switch (node) {
            case Node.Scalar scalar -> Optional.of(scalar);
            case Node.Sequence sequence -> {
                List<Node> items = new ArrayList<>();
                for (int i = 0; i < sequence.items().size(); i++) {
                    resolve(sequence.items().get(i), place + "[" + i + "]").ifPresent(items::add);
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
            case Node.Call call -> deeper(call, place, () -> call(call, place));
        };
    }

    boolean condition(String name, Node at, String place) {
        var definition = conditions.entries().get(name);
        if (definition == null) {
            throw new TemplateException(at, place, "there is no condition " + name);
        }
        return deeper(at, place, () -> holds(definition, "Conditions." + name));
    }

    private <T> T deeper(Node at, String place, Supplier<T> what) {
        if (depth >= MAX_DEPTH) {
            throw new TemplateException(at, place, "it refers to itself");
        }
        depth++;
        try {
            return what.get();
        } finally {
            depth--;
        }
    }

    private Optional<Node> call(Node.Call call, String place) {
        return switch (call.function()) {
            case "Ref" -> ref(text(call.argument(), place), call, place);
            case "GetAtt" -> Optional.of(Node.text(attribute(call, place), call));
            case "Sub" -> Optional.of(Node.text(sub(call, place), call));
            case "Join" -> {
                var arguments = arguments(call, place, 2);
                yield Optional.of(
                        Node.text(String.join(text(arguments.get(0), place), texts(arguments.get(1), place)), call));
            }
            case "Split" -> {
                var arguments = arguments(call, place, 2);
                var parts = text(arguments.get(1), place).split(Pattern.quote(text(arguments.get(0), place)), -1);
                yield Optional.of(list(Arrays.asList(parts), call));
            }
            case "Select" -> select(call, place);
            case "FindInMap" -> findInMap(call, place);
            case "If" -> {
                var arguments = arguments(call, place, 3);
                boolean holds = condition(text(arguments.get(0), place), call, place);
                yield resolve(arguments.get(holds ? 1 : 2), place);
            }
            case "Base64" ->
                Optional.of(Node.text(
                        Base64.getEncoder()
                                .encodeToString(text(call.argument(), place).getBytes(StandardCharsets.UTF_8)),
                        call));
            case "ImportValue" ->
                throw new TemplateException(
                        call,
                        place,
                        "Fn::ImportValue has no value here: another stack exports " + text(call.argument(), place));
            case "Equals", "And", "Or", "Not", "Condition" ->
                throw new TemplateException(call, place, call.function() + " belongs into a condition");
            default ->
                throw new TemplateException(call, place, "the function " + call.function() + " is not known here");
        };
    }

    private Optional<Node> ref(String name, Node at, String place) {
        if (name.equals("AWS::NoValue")) {
            return Optional.empty();
        }
        return Optional.of(variable(name, at, place));
    }

    private Node variable(String name, Node at, String place) {
        var parameter = parameters.get(name);
        if (parameter != null) {
            return parameter;
        }
        present(name, at, place);
        return Node.text(
                physicalIds
                        .ref(name)
                        .orElseThrow(
                                () -> new TemplateException(at, place, "there is no resource or parameter " + name)),
                at);
    }

    private String attribute(Node.Call call, String place) {
        String name = switch (call.argument()) {
            case Node.Sequence pair -> String.join(".", texts(pair, place));
            case Node other -> text(other, place);
        };
        return attribute(name, call, place);
    }

    private String attribute(String name, Node at, String place) {
        present(name, at, place);
        return physicalIds
                .attribute(name)
                .orElseThrow(() -> new TemplateException(at, place, "there is no resource with the attribute " + name));
    }

    private void present(String name, Node at, String place) {
        String logicalId = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        var condition = resourceConditions.getOrDefault(logicalId, Optional.empty());
        if (condition.isPresent() && !condition(condition.get(), at, place)) {
            throw new TemplateException(
                    at, place, logicalId + " is not there, since the condition " + condition.get() + " does not hold");
        }
    }

    private String sub(Node.Call call, String place) {
        Node.Mapping variables = Node.Mapping.EMPTY;
        String pattern;
        if (call.argument() instanceof Node.Sequence) {
            var arguments = arguments(call, place, 2);
            pattern = text(arguments.get(0), place);
            if (!(arguments.get(1) instanceof Node.Mapping given)) {
                throw new TemplateException(call, place, "the second argument of Fn::Sub is a map of variables");
            }
            variables = given;
        } else {
            pattern = text(call.argument(), place);
        }
        var own = variables.entries();
        return VARIABLE.matcher(pattern).replaceAll(match -> {
            String name = match.group(2).strip();
            if (!match.group(1).isEmpty()) {
                return Matcher.quoteReplacement("${" + name + "}");
            }
            var given = own.get(name);
            if (given != null) {
                return Matcher.quoteReplacement(text(given, place));
            }
            return Matcher.quoteReplacement(
                    parameters.containsKey(name)
                                    || !name.contains(".")
                                    || physicalIds.ref(name).isPresent()
                            ? text(variable(name, call, place), place)
                            : attribute(name, call, place));
        });
    }

    private Optional<Node> select(Node.Call call, String place) {
        var arguments = arguments(call, place, 2);
        String index = text(arguments.get(0), place);
        var items = texts(arguments.get(1), place);
        if (!index.matches("\\d{1,6}") || Integer.parseInt(index) >= items.size()) {
            throw new TemplateException(
                    call, place, "Fn::Select has no item " + index + " in a list of " + items.size());
        }
        return Optional.of(Node.text(items.get(Integer.parseInt(index)), call));
    }

    private Optional<Node> findInMap(Node.Call call, String place) {
        var keys = texts(new Node.Sequence(arguments(call, place, 3), call.line()), place);
        Node at = mappings;
        for (String key : keys) {
            at = at instanceof Node.Mapping mapping ? mapping.entries().get(key) : null;
            if (at == null) {
                throw new TemplateException(call, place, "Mappings has no " + String.join(".", keys));
            }
        }
        return resolve(at, place);
    }

    private boolean holds(Node node, String place) {
        if (node instanceof Node.Mapping mapping
                && mapping.entries().size() == 1
                && mapping.entries().get("Condition") instanceof Node.Scalar name) {
            return condition(name.text(), node, place);
        }
        if (!(node instanceof Node.Call call)) {
            throw new TemplateException(node, place, "a condition is a function, not " + node.kind());
        }
        return switch (call.function()) {
            case "Condition" -> condition(text(call.argument(), place), call, place);
            case "Equals" -> {
                var arguments = arguments(call, place, 2);
                yield texts(arguments.get(0), place).equals(texts(arguments.get(1), place));
            }
            case "Not" -> !holds(arguments(call, place, 1).get(0), place);
            case "And" -> operands(call, place).stream().allMatch(operand -> holds(operand, place));
            case "Or" -> operands(call, place).stream().anyMatch(operand -> holds(operand, place));
            default -> throw new TemplateException(call, place, "a condition cannot be " + call.kind());
        };
    }

    private static List<Node> operands(Node.Call call, String place) {
        if (call.argument() instanceof Node.Sequence operands
                && operands.items().size() >= 2
                && operands.items().size() <= 10) {
            return operands.items();
        }
        throw new TemplateException(call, place, call.kind() + " takes 2 to 10 conditions");
    }

    private static List<Node> arguments(Node.Call call, String place, int count) {
        if (call.argument() instanceof Node.Sequence arguments
                && arguments.items().size() == count) {
            return arguments.items();
        }
        throw new TemplateException(call, place, call.kind() + " takes a list of " + count);
    }

    private String text(Node node, String place) {
        @Nullable Node resolved = resolve(node, place).orElse(null);
        return switch (resolved) {
            case Node.Scalar scalar -> scalar.text();
            case null -> throw new TemplateException(node, place, "not text but AWS::NoValue");
            case Node.Sequence list when isTexts(list) -> String.join(",", texts(list, place));
            case Node other -> throw new TemplateException(node, place, "not text but " + other.kind());
        };
    }

    private static boolean isTexts(Node.Sequence list) {
        return list.items().stream().allMatch(Node.Scalar.class::isInstance);
    }

    private List<String> texts(Node node, String place) {
        @Nullable Node resolved = resolve(node, place).orElse(null);
        return switch (resolved) {
            case Node.Sequence list ->
                list.items().stream().map(item -> text(item, place)).collect(Collectors.toList());
            case null -> throw new TemplateException(node, place, "not a list but AWS::NoValue");
            case Node.Scalar scalar -> List.of(scalar.text());
            case Node other -> throw new TemplateException(node, place, "not a list but " + other.kind());
        };
    }

    static Node.Sequence list(List<String> texts, Node at) {
        return new Node.Sequence(
                texts.stream().map(text -> (Node) Node.text(text, at)).toList(), at.line());
    }
}
