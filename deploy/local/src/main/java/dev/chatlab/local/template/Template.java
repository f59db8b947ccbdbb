package dev.chatlab.local.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The resources of a template that would be deployed: Globals merged in, what a condition drops left out. */
final class Template {
    private final Map<String, Resource> resources;
    private final Node.Mapping outputs;
    private final Intrinsics intrinsics;
    private final PhysicalIds physicalIds;

    private Template(
            Map<String, Resource> resources, Node.Mapping outputs, Intrinsics intrinsics, PhysicalIds physicalIds) {
        this.resources = resources;
        this.outputs = outputs;
        this.intrinsics = intrinsics;
        this.physicalIds = physicalIds;
    }

    List<Resource> ofType(String... types) {
        return resources.values().stream()
                .filter(resource -> resource.is(types))
                .toList();
    }

    List<Resource> all() {
        return List.copyOf(resources.values());
    }

    Optional<Resource> resource(String logicalId) {
        return Optional.ofNullable(resources.get(logicalId));
    }

    /** What the stack says of itself, by name; what a condition drops is left out. */
    Map<String, String> outputs() {
        Map<String, String> values = new LinkedHashMap<>();
        outputs.entries().forEach((name, node) -> {
            String place = "Outputs." + name;
            if (!(node instanceof Node.Mapping output)) {
                throw new TemplateException(node, place, "an output is a map, not " + node.kind());
            }
            if (text(output, "Condition", place)
                    .filter(condition -> !intrinsics.condition(condition, output, place))
                    .isEmpty()) {
                Optional.ofNullable(output.entries().get("Value"))
                        .flatMap(value -> intrinsics.resolve(value, place))
                        .ifPresent(value -> values.put(name, text(value, place)));
            }
        });
        return values;
    }

    /** What {@code Ref} says of it. */
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
        var conditions = section(root, "Conditions");
        Map<String, Node> parameters = Pseudo.parameters(region);
        parameters.putAll(Parameters.values(section(root, "Parameters"), given));

        Map<String, Resource> all = new LinkedHashMap<>();
        Map<String, Optional<String>> resourceConditions = new LinkedHashMap<>();
        Map<String, String> generated = new LinkedHashMap<>();
        var physicalIds = new PhysicalIds(region, id -> Optional.ofNullable(all.get(id)), generated);
        var intrinsics =
                new Intrinsics(parameters, section(root, "Mappings"), conditions, resourceConditions, physicalIds);
        declared.entries().forEach((logicalId, node) -> {
            String place = "Resources." + logicalId;
            if (!(node instanceof Node.Mapping resource)) {
                throw new TemplateException(node, place, "a resource is a map, not " + node.kind());
            }
            String type = text(resource, "Type", place)
                    .orElseThrow(() -> new TemplateException(resource, place, "the Type is missing"));
            var properties = section(resource, "Properties");
            if (type.equals("AWS::Serverless::Function")) {
                properties = (Node.Mapping) merged(globals, properties);
                generated.put(logicalId + "Version", logicalId);
                generated.put(logicalId + "Role", logicalId);
                text(properties, "AutoPublishAlias", place)
                        .ifPresent(alias -> generated.put(logicalId + "Alias" + alias, logicalId));
            }
            resourceConditions.put(logicalId, text(resource, "Condition", place));
            all.put(
                    logicalId,
                    new Resource(logicalId, type, dependsOn(resource, place), properties, resource.line(), intrinsics));
        });

        Set<String> names = new LinkedHashSet<>(parameters.keySet());
        names.add("AWS::NoValue");
        names.addAll(all.keySet());
        names.addAll(generated.keySet());
        all.values().stream()
                .filter(resource -> resource.is("AWS::Serverless::Function"))
                .forEach(function -> {
                    names.add(function.logicalId() + ".Alias");
                    names.add(function.logicalId() + ".Version");
                });
        var references = new References(
                names::contains,
                id -> all.containsKey(id) || generated.containsKey(id),
                conditions.entries()::containsKey);
        for (String section : List.of("Conditions", "Globals", "Resources", "Outputs")) {
            references.check(section(root, section), section);
        }

        all.values()
                .forEach(resource -> resource.dependsOn().stream()
                        .filter(other -> !all.containsKey(other) && !generated.containsKey(other))
                        .forEach(other -> {
                            throw resource.problem("DependsOn", "there is no resource " + other);
                        }));

        Map<String, Resource> present = new LinkedHashMap<>();
        all.forEach((logicalId, resource) -> {
            var condition = resourceConditions.getOrDefault(logicalId, Optional.empty());
            var at = declared.entries().get(logicalId);
            if (condition.isEmpty()
                    || intrinsics.condition(condition.get(), at == null ? declared : at, "Resources." + logicalId)) {
                present.put(logicalId, resource);
            }
        });
        return new Template(present, section(root, "Outputs"), intrinsics, physicalIds);
    }

    /** As SAM merges Globals: maps by key, lists one after the other, else what the resource says. */
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
            case Node.Sequence several ->
                several.items().stream()
                        .map(item -> text(item, place + ".DependsOn"))
                        .toList();
            case null -> List.of();
            case Node one -> List.of(text(one, place + ".DependsOn"));
        };
    }

    private static String text(Node node, String place) {
        if (node instanceof Node.Scalar scalar) {
            return scalar.text();
        }
        throw new TemplateException(node, place, "not text but " + node.kind());
    }

    private static Node.Mapping section(Node.Mapping parent, String name) {
        return switch (parent.entries().get(name)) {
            case Node.Mapping section -> section;
            case null -> Node.Mapping.EMPTY;
            case Node.Scalar scalar when scalar.isNull() -> Node.Mapping.EMPTY;
            case Node other -> throw new TemplateException(other, name, "a map, not " + other.kind());
        };
    }

    private static Optional<String> text(Node.Mapping parent, String name, String place) {
        return switch (parent.entries().get(name)) {
            case Node.Scalar scalar -> Optional.of(scalar.text());
            case null -> Optional.empty();
            case Node.Call ignored when name.equals("AutoPublishAlias") -> Optional.empty();
            case Node other -> throw new TemplateException(other, place + "." + name, "not text but " + other.kind());
        };
    }
}
