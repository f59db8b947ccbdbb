package dev.chatlab.local.template;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The values of a template's parameters: what was given, else the default. */
final class Parameters {
    private Parameters() {}

    static Map<String, Node> values(Node.Mapping declared, Map<String, String> given) {
        for (String name : given.keySet()) {
            if (!declared.entries().containsKey(name)) {
                throw new TemplateException(
                        declared, "Parameters", "there is no parameter " + name + " to give a value to");
            }
        }
        Map<String, Node> values = new LinkedHashMap<>();
        declared.entries().forEach((name, node) -> {
            String place = "Parameters." + name;
            if (!(node instanceof Node.Mapping declaration)) {
                throw new TemplateException(node, place, "a parameter is a map, not " + node.kind());
            }
            values.put(name, value(name, declaration, given, place));
        });
        return values;
    }

    private static Node value(String name, Node.Mapping declaration, Map<String, String> given, String place) {
        String type = attribute(declaration, "Type", place);
        String value = given.get(name);
        if (value == null) {
            if (!declaration.entries().containsKey("Default")) {
                throw new TemplateException(declaration, place, "it has no default: give it a value");
            }
            if (type.startsWith("AWS::SSM::Parameter::")) {
                throw new TemplateException(
                        declaration, place, "its default names an SSM parameter, which is not here: give it a value");
            }
            value = attribute(declaration, "Default", place);
        }
        check(value, declaration, place);
        return type.startsWith("List<") || type.equals("CommaDelimitedList")
                ? Intrinsics.list(
                        Arrays.stream(value.split(",", -1)).map(String::strip).toList(), declaration)
                : Node.text(value, declaration);
    }

    private static void check(String value, Node.Mapping declaration, String place) {
        String pattern = attribute(declaration, "AllowedPattern", place);
        try {
            if (!pattern.isEmpty() && !Pattern.matches(pattern, value)) {
                throw new TemplateException(declaration, place, "\"" + value + "\" does not match " + pattern);
            }
        } catch (PatternSyntaxException e) {
            throw new TemplateException(declaration, place, "AllowedPattern is no pattern: " + e.getDescription());
        }
        if (declaration.entries().get("AllowedValues") instanceof Node.Sequence allowed
                && allowed.items().stream()
                        .noneMatch(item -> item instanceof Node.Scalar scalar
                                && scalar.text().equals(value))) {
            throw new TemplateException(declaration, place, "\"" + value + "\" is not one of its AllowedValues");
        }
        bound(declaration, "MinLength", place)
                .filter(least -> BigDecimal.valueOf(value.length()).compareTo(least) < 0)
                .ifPresent(least -> refuse(value, "shorter than " + least, declaration, place));
        bound(declaration, "MaxLength", place)
                .filter(most -> BigDecimal.valueOf(value.length()).compareTo(most) > 0)
                .ifPresent(most -> refuse(value, "longer than " + most, declaration, place));
        if (attribute(declaration, "Type", place).equals("Number")) {
            var number = number(value).orElseThrow(() -> refused(value, "not a number", declaration, place));
            bound(declaration, "MinValue", place)
                    .filter(least -> number.compareTo(least) < 0)
                    .ifPresent(least -> refuse(value, "less than " + least, declaration, place));
            bound(declaration, "MaxValue", place)
                    .filter(most -> number.compareTo(most) > 0)
                    .ifPresent(most -> refuse(value, "more than " + most, declaration, place));
        }
    }

    private static Optional<BigDecimal> bound(Node.Mapping declaration, String name, String place) {
        String text = attribute(declaration, name, place);
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(number(text)
                        .orElseThrow(() ->
                                new TemplateException(declaration, place, name + " is no number: \"" + text + "\"")));
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static void refuse(String value, String why, Node.Mapping declaration, String place) {
        throw refused(value, why, declaration, place);
    }

    private static TemplateException refused(String value, String why, Node.Mapping declaration, String place) {
        return new TemplateException(declaration, place, "\"" + value + "\" is " + why);
    }

    private static String attribute(Node.Mapping declaration, String name, String place) {
        var node = declaration.entries().get(name);
        if (node == null) {
            return "";
        }
        if (node instanceof Node.Scalar scalar) {
            return scalar.text();
        }
        throw new TemplateException(node, place + "." + name, "not text but " + node.kind());
    }
}
