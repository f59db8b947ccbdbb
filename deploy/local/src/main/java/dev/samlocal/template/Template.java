package dev.samlocal.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The resources of a template that a deployment would create: {@code Globals} are merged in, and resources whose condition is
 * false are left out.
 */
record Template(Map<String, Resource> resources, Node.Mapping outputs, Intrinsics intrinsics, PhysicalIds physicalIds) {

    static final String ACCOUNT_ID = "000000000000";

    List<Resource> ofType(String... types) {
        return resources.values().stream()
                .filter(resource -> resource.is(types))
                .toList();
    }

    Optional<Resource> resource(String logicalId) {
        return Optional.ofNullable(resources.get(logicalId));
    }

    /** The stack's outputs by name, without those whose condition is false. */
    Map<String, String> outputValues() {
        Map<String, String> values = new LinkedHashMap<>();
        outputs.entries().forEach((name, node) -> {
            String place = "Outputs." + name;
            var output = new Resource(place, "", List.of(), node.asMapping(place), node.line(), intrinsics);
            var condition = output.optionalText("Condition");
            if (condition.isEmpty() || intrinsics.condition(condition.get(), node, place)) {
                values.put(name, output.text("Value"));
            }
        });
        return values;
    }

    /** The result of {@code Ref}. */
    String id(Resource resource) {
        return physicalIds.ref(resource.logicalId()).orElseThrow();
    }

    static Template parse(String text, Map<String, String> given, String region) {
        var root = YamlReader.read(text);
        var declared = section(root, "Resources");
        if (declared.entries().isEmpty()) {
            throw new TemplateException(root, "", "there are no Resources");
        }
        var globals = section(section(root, "Globals"), "Function");
        Map<String, Node> parameters = pseudoParameters(region);
        parameters.putAll(Parameter.values(section(root, "Parameters"), given));

        Map<String, Resource> all = new LinkedHashMap<>();
        Map<String, String> conditions = new LinkedHashMap<>();
        Map<String, String> generated = new LinkedHashMap<>();
        var physicalIds = new PhysicalIds(region, id -> Optional.ofNullable(all.get(id)), generated);
        var intrinsics = new Intrinsics(
                parameters, section(root, "Mappings"), section(root, "Conditions"), conditions, physicalIds);
        declared.entries().forEach((logicalId, node) -> {
            String place = "Resources." + logicalId;
            var resource = node.asMapping(place);
            String type = text(resource, "Type", place)
                    .orElseThrow(() -> new TemplateException(resource, place, "the Type is missing"));
            var properties = section(resource, "Properties");
            if (type.equals("AWS::Serverless::Function")) {
                properties = (Node.Mapping) merged(globals, properties);
                generated.put(logicalId + "Version", logicalId);
                generated.put(logicalId + "Role", logicalId);
                if (properties.entries().get("AutoPublishAlias") instanceof Node.Scalar alias) {
                    generated.put(logicalId + "Alias" + alias.text(), logicalId);
                }
            }
            text(resource, "Condition", place).ifPresent(condition -> conditions.put(logicalId, condition));
            all.put(
                    logicalId,
                    new Resource(logicalId, type, dependsOn(resource, place), properties, resource.line(), intrinsics));
        });
        Map<String, Resource> present = new LinkedHashMap<>();
        all.forEach((logicalId, resource) -> {
            resource.dependsOn().stream()
                    .filter(other -> !all.containsKey(other) && !generated.containsKey(other))
                    .forEach(other -> {
                        throw resource.problem("DependsOn", "there is no resource " + other);
                    });
            var condition = conditions.get(logicalId);
            if (condition == null
                    || intrinsics.condition(
                            condition, new Node.Scalar("", true, resource.line()), "Resources." + logicalId)) {
                present.put(logicalId, resource);
            }
        });
        return new Template(present, section(root, "Outputs"), intrinsics, physicalIds);
    }

    private static Map<String, Node> pseudoParameters(String region) {
        Map<String, Node> values = new LinkedHashMap<>();
        for (String parameter : List.of(
                "Region=" + region,
                "AccountId=" + ACCOUNT_ID,
                "Partition=aws",
                "StackName=local",
                "URLSuffix=amazonaws.com",
                "StackId=arn:aws:cloudformation:" + region + ":" + ACCOUNT_ID + ":stack/local/local")) {
            String[] pair = parameter.split("=", 2);
            values.put("AWS::" + pair[0], new Node.Scalar(pair[1], false, 0));
        }
        return values;
    }

    /** Merges as SAM does: maps by key, lists one after the other; otherwise the resource's value wins. */
    private static Node merged(Node global, Node local) {
        if (global instanceof Node.Mapping globals && local instanceof Node.Mapping locals) {
            Map<String, Node> entries = new LinkedHashMap<>(globals.entries());
            locals.entries().forEach((key, value) -> entries.merge(key, value, Template::merged));
            return new Node.Mapping(entries, local.line());
        }
        if (global instanceof Node.Sequence globals && local instanceof Node.Sequence locals) {
            List<Node> items = new ArrayList<>(globals.items());
            items.addAll(locals.items());
            return new Node.Sequence(items, local.line());
        }
        return local;
    }

    private static List<String> dependsOn(Node.Mapping resource, String place) {
        return switch (resource.entries().get("DependsOn")) {
            case null -> List.of();
            case Node.Sequence several -> several.texts(place + ".DependsOn");
            case Node one -> List.of(one.asText(place + ".DependsOn"));
        };
    }

    private static Node.Mapping section(Node.Mapping parent, String name) {
        return switch (parent.entries().get(name)) {
            case null -> Node.Mapping.EMPTY;
            case Node.Scalar scalar when scalar.isNull() -> Node.Mapping.EMPTY;
            case Node section -> section.asMapping(name);
        };
    }

    private static Optional<String> text(Node.Mapping parent, String name, String place) {
        return Optional.ofNullable(parent.entries().get(name)).map(node -> node.asText(place + "." + name));
    }
}
