package dev.chatlab.local.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML (and so JSON) to {@link Node}s; what is wrong with the text is said with its line. */
final class YamlReader {
    /** Deeper than any template, and far from the end of a stack. */
    private static final int MAX_DEPTH = 200;

    private final IdentityHashMap<org.snakeyaml.engine.v2.nodes.Node, Node> converted = new IdentityHashMap<>();
    private final Set<org.snakeyaml.engine.v2.nodes.Node> unfinished =
            Collections.newSetFromMap(new IdentityHashMap<>());

    static Node.Mapping read(String text) {
        try {
            var root = new Compose(LoadSettings.builder().build())
                    .composeString(text)
                    .orElseThrow(() -> new TemplateException(1, "", "the template is empty"));
            return switch (new YamlReader().convert(root, 0)) {
                case Node.Mapping mapping -> mapping;
                case Node other -> throw new TemplateException(other, "", "a template is a map, not " + other.kind());
            };
        } catch (MarkedYamlEngineException e) {
            throw new TemplateException(
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0),
                    "",
                    "not YAML: " + (e.getContext() == null ? "" : e.getContext() + ", ") + e.getProblem());
        } catch (YamlEngineException e) {
            throw new TemplateException(0, "", "not YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new TemplateException(0, "", "not YAML: nested too deeply");
        }
    }

    private Node convert(org.snakeyaml.engine.v2.nodes.Node node, int depth) {
        if (depth > MAX_DEPTH) {
            throw new TemplateException(line(node), "", "nested too deeply");
        }
        // An alias is the same node again: converted once, however often it is named.
        var known = converted.get(node);
        if (known == null) {
            if (!unfinished.add(node)) {
                throw new TemplateException(line(node), "", "an alias to what contains it");
            }
            known = tagged(node, untagged(node, depth));
            converted.put(node, known);
        }
        return known;
    }

    private Node untagged(org.snakeyaml.engine.v2.nodes.Node node, int depth) {
        int line = line(node);
        return switch (node) {
            case ScalarNode scalar ->
                new Node.Scalar(scalar.getValue(), scalar.getTag().equals(Tag.NULL), line);
            case SequenceNode sequence -> {
                List<Node> items = new ArrayList<>();
                for (var item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new Node.Sequence(List.copyOf(items), line);
            }
            case MappingNode mapping -> {
                Map<String, Node> entries = new LinkedHashMap<>();
                for (NodeTuple tuple : mapping.getValue()) {
                    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                        throw new TemplateException(line(tuple.getKeyNode()), "", "not a key: only text can be one");
                    }
                    if (entries.putIfAbsent(key.getValue(), convert(tuple.getValueNode(), depth + 1)) != null) {
                        throw new TemplateException(line(key), "", "the key " + key.getValue() + " is there twice");
                    }
                }
                yield longForm(new Node.Mapping(Collections.unmodifiableMap(entries), line));
            }
            default -> throw new IllegalStateException("a node of no known kind: " + node.getNodeType());
        };
    }

    private static Node longForm(Node.Mapping mapping) {
        if (mapping.entries().size() == 1) {
            var entry = mapping.entries().entrySet().iterator().next();
            if (entry.getKey().equals("Ref") || entry.getKey().startsWith("Fn::")) {
                return new Node.Call(entry.getKey().replace("Fn::", ""), entry.getValue(), mapping.line());
            }
        }
        return mapping;
    }

    private static Node tagged(org.snakeyaml.engine.v2.nodes.Node node, Node untagged) {
        String tag = node.getTag().getValue();
        return tag.length() > 1 && tag.startsWith("!")
                ? new Node.Call(tag.substring(1), untagged, untagged.line())
                : untagged;
    }

    private static int line(org.snakeyaml.engine.v2.nodes.Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
