package dev.samlocal.template;

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

/** Reads YAML, and so JSON, into {@link Node}s. Errors carry the line. */
final class YamlReader {
    private final Set<org.snakeyaml.engine.v2.nodes.Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    static Node.Mapping read(String text) {
        try {
            var root = new Compose(LoadSettings.builder().build())
                    .composeString(text)
                    .orElseThrow(() -> new TemplateException(1, "", "the template is empty"));
            return new YamlReader().convert(root).asMapping("the template");
        } catch (MarkedYamlEngineException e) {
            throw new TemplateException(
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0), "", "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new TemplateException(0, "", "not YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new TemplateException(0, "", "not YAML: nested too deeply");
        }
    }

    private Node convert(org.snakeyaml.engine.v2.nodes.Node node) {
        int line = line(node);
        if (!seen.add(node)) {
            throw new TemplateException(line, "", "a YAML alias, which CloudFormation does not support");
        }
        Node untagged = switch (node) {
            case ScalarNode scalar ->
                new Node.Scalar(scalar.getValue(), scalar.getTag().equals(Tag.NULL), line);
            case SequenceNode sequence -> {
                List<Node> items = new ArrayList<>();
                sequence.getValue().forEach(item -> items.add(convert(item)));
                yield new Node.Sequence(List.copyOf(items), line);
            }
            case MappingNode mapping -> mapping(mapping, line);
            default -> throw new IllegalStateException("unknown kind of node: " + node.getNodeType());
        };
        String tag = node.getTag().getValue();
        return tag.length() > 1 && tag.startsWith("!") ? new Node.Call(tag.substring(1), untagged, line) : untagged;
    }

    private Node mapping(MappingNode mapping, int line) {
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new TemplateException(line(tuple.getKeyNode()), "", "a key must be text");
            }
            if (entries.putIfAbsent(key.getValue(), convert(tuple.getValueNode())) != null) {
                throw new TemplateException(line(key), "", "duplicate key " + key.getValue());
            }
        }
        if (entries.size() == 1) {
            var entry = entries.entrySet().iterator().next();
            if (entry.getKey().equals("Ref") || entry.getKey().startsWith("Fn::")) {
                return new Node.Call(entry.getKey().replace("Fn::", ""), entry.getValue(), line);
            }
        }
        return new Node.Mapping(Collections.unmodifiableMap(entries), line);
    }

    private static int line(org.snakeyaml.engine.v2.nodes.Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
