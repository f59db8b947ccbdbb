package dev.samlocal.template;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A parameter of a template. Its value, given or by default, is checked against its declaration. */
record Parameter(String place, Node.Mapping declaration) {

    static Map<String, Node> values(Node.Mapping declared, Map<String, String> given) {
        for (String name : given.keySet()) {
            if (!declared.entries().containsKey(name)) {
                throw new TemplateException(declared, "Parameters", "there is no parameter " + name);
            }
        }
        Map<String, Node> values = new LinkedHashMap<>();
        declared.entries().forEach((name, node) -> {
            String place = "Parameters." + name;
            values.put(name, new Parameter(place, node.asMapping(place)).value(Optional.ofNullable(given.get(name))));
        });
        return values;
    }

    private Node value(Optional<String> given) {
        String type = attribute("Type").orElse("");
        if (given.isEmpty() && type.startsWith("AWS::SSM::Parameter::")) {
            throw problem("its default names an SSM parameter, which is not available locally: pass a value");
        }
        String value =
                given.or(() -> attribute("Default")).orElseThrow(() -> problem("it has no default: pass a value"));
        try {
            attribute("AllowedPattern")
                    .filter(pattern -> !Pattern.matches(pattern, value))
                    .ifPresent(pattern -> reject(value, "does not match " + pattern));
        } catch (PatternSyntaxException e) {
            throw problem("AllowedPattern is not a regular expression: " + e.getDescription());
        }
        if (declaration.entries().get("AllowedValues") instanceof Node.Sequence allowed
                && !allowed.texts(place).contains(value)) {
            reject(value, "is not one of its AllowedValues");
        }
        if (type.equals("Number")) {
            range("Value", number(value), value);
        }
        range("Length", BigDecimal.valueOf(value.length()), value);
        return type.startsWith("List<") || type.equals("CommaDelimitedList")
                ? Node.texts(
                        Arrays.stream(value.split(",", -1)).map(String::strip).toList(), declaration)
                : Node.text(value, declaration);
    }

    private void range(String of, BigDecimal measured, String value) {
        attribute("Min" + of)
                .filter(least -> measured.compareTo(number(least)) < 0)
                .ifPresent(least -> reject(value, "is below its Min" + of + " " + least));
        attribute("Max" + of)
                .filter(most -> measured.compareTo(number(most)) > 0)
                .ifPresent(most -> reject(value, "is above its Max" + of + " " + most));
    }

    private BigDecimal number(String text) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw problem("\"" + text + "\" is not a number");
        }
    }

    private Optional<String> attribute(String name) {
        return Optional.ofNullable(declaration.entries().get(name)).map(node -> node.asText(place + "." + name));
    }

    private void reject(String value, String reason) {
        throw problem("\"" + value + "\" " + reason);
    }

    private TemplateException problem(String problem) {
        return new TemplateException(declaration, place, problem);
    }
}
