package dev.chatlab.local.template;

import java.util.Set;
import java.util.function.Predicate;

/** Checks that whatever a template refers to is there, also where nothing is ever resolved. */
final class References {
    private final Predicate<String> names;
    private final Predicate<String> resources;
    private final Predicate<String> conditions;

    /**
     * @param names what {@code Ref} may name
     * @param resources what {@code Fn::GetAtt} may name
     */
    References(Predicate<String> names, Predicate<String> resources, Predicate<String> conditions) {
        this.names = names;
        this.resources = resources;
        this.conditions = conditions;
    }

    void check(Node node, String place) {
        switch (node) {
            case Node.Scalar ignored -> {}
            case Node.Sequence sequence -> {
                for (int i = 0; i < sequence.items().size(); i++) {
                    check(sequence.items().get(i), place + "[" + i + "]");
                }
            }
            case Node.Mapping mapping ->
                mapping.entries().forEach((key, value) -> check(value, place.isEmpty() ? key : place + "." + key));
            case Node.Call call -> {
                checkCall(call, place);
                check(call.argument(), place);
            }
        }
    }

    private void checkCall(Node.Call call, String place) {
        var argument = call.argument();
        switch (call.function()) {
            case "Ref" -> {
                if (argument instanceof Node.Scalar name) {
                    reference(name.text(), call, place);
                }
            }
            case "GetAtt" -> {
                if (argument instanceof Node.Scalar name) {
                    attribute(name.text(), call, place);
                } else if (argument instanceof Node.Sequence path
                        && !path.items().isEmpty()
                        && path.items().getFirst() instanceof Node.Scalar name) {
                    attribute(name.text() + ".", call, place);
                }
            }
            case "Sub" -> {
                if (argument instanceof Node.Scalar pattern) {
                    variables(pattern, Set.of(), place);
                } else if (argument instanceof Node.Sequence pair
                        && pair.items().size() == 2
                        && pair.items().get(0) instanceof Node.Scalar pattern
                        && pair.items().get(1) instanceof Node.Mapping own) {
                    variables(pattern, own.entries().keySet(), place);
                }
            }
            case "If" -> {
                if (argument instanceof Node.Sequence arguments
                        && !arguments.items().isEmpty()
                        && arguments.items().getFirst() instanceof Node.Scalar name
                        && !conditions.test(name.text())) {
                    throw new TemplateException(call, place, "there is no condition " + name.text());
                }
            }
            default -> {}
        }
    }

    private void variables(Node.Scalar pattern, Set<String> own, String place) {
        Intrinsics.VARIABLE
                .matcher(pattern.text())
                .results()
                .filter(match -> match.group(1).isEmpty())
                .map(match -> match.group(2).strip())
                .filter(name -> !own.contains(name))
                .forEach(name -> {
                    if (name.contains(".") && !names.test(name)) {
                        attribute(name, pattern, place);
                    } else {
                        reference(name, pattern, place);
                    }
                });
    }

    private void reference(String name, Node at, String place) {
        if (!names.test(name)) {
            throw new TemplateException(at, place, "there is no resource or parameter " + name);
        }
    }

    private void attribute(String path, Node at, String place) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            throw new TemplateException(at, place, "Fn::GetAtt takes Resource.Attribute, not " + path);
        }
        if (!resources.test(path.substring(0, dot))) {
            throw new TemplateException(at, place, "there is no resource " + path.substring(0, dot));
        }
    }
}
