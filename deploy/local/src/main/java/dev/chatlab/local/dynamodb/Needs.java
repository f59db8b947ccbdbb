package dev.chatlab.local.dynamodb;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A permission that a request to DynamoDB needs.
 *
 * @param on {@code table/NAME}, {@code table/NAME/index/NAME}, or an ARN
 */
record Needs(String action, String on) {

    private static final String STREAMS = "DynamoDBStreams_";

    /** What each part of a transaction needs: the transaction itself is no action of IAM's. */
    private static final Map<String, String> OF_TRANSACTION = Map.of(
            "Put", "PutItem",
            "Update", "UpdateItem",
            "Delete", "DeleteItem",
            "ConditionCheck", "ConditionCheckItem",
            "Get", "GetItem");

    /**
     * What a request needs, in its order.
     *
     * @param target the header that names the operation, such as {@code DynamoDB_20120810.Query}
     */
    static Set<Needs> of(String target, Map<String, Object> request) {
        String operation = target.substring(target.lastIndexOf('.') + 1);
        Set<Needs> needs = new LinkedHashSet<>();
        if (request.get("TransactItems") instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> parts) {
                    parts.forEach((kind, part) -> needs.add(new Needs(
                            "dynamodb:" + OF_TRANSACTION.getOrDefault(String.valueOf(kind), operation),
                            table(part instanceof Map<?, ?> map ? map.get("TableName") : null))));
                }
            }
        } else if (request.get("RequestItems") instanceof Map<?, ?> tables) {
            tables.keySet().forEach(table -> needs.add(new Needs("dynamodb:" + operation, table(table))));
        } else if (target.startsWith(STREAMS)) {
            needs.add(new Needs(
                    "dynamodb:" + operation, String.valueOf(request.getOrDefault("StreamArn", "table/*/stream/*"))));
        } else {
            String index = request.get("IndexName") instanceof String name ? "/index/" + name : "";
            needs.add(new Needs("dynamodb:" + operation, table(request.get("TableName")) + index));
        }
        return needs;
    }

    /** A table by its name or ARN; where a request names none, it is about all of them. */
    private static String table(@Nullable Object name) {
        if (!(name instanceof String text)) {
            return "table/*";
        }
        return text.startsWith("arn:") ? text : "table/" + text;
    }
}
