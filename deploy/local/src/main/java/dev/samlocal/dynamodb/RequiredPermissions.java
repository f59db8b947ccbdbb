package dev.samlocal.dynamodb;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The permissions that a request to DynamoDB requires. */
final class RequiredPermissions {

    /**
     * An action on a resource.
     *
     * @param resource {@code table/NAME}, {@code table/NAME/index/NAME}, or an ARN
     */
    record Permission(String action, String resource) {}

    /** IAM has no action for a transaction itself, only for its parts. */
    private static final Map<String, String> TRANSACTION_ACTIONS = Map.of(
            "Put", "PutItem",
            "Update", "UpdateItem",
            "Delete", "DeleteItem",
            "ConditionCheck", "ConditionCheckItem",
            "Get", "GetItem");

    private RequiredPermissions() {}

    /** @param target the header that names the operation, such as {@code DynamoDB_20120810.Query} */
    static Set<Permission> of(String target, Map<String, Object> request) {
        String operation = target.substring(target.lastIndexOf('.') + 1);
        Set<Permission> required = new LinkedHashSet<>();
        if (request.get("TransactItems") instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> parts) {
                    parts.forEach((kind, part) -> required.add(permission(
                            TRANSACTION_ACTIONS.getOrDefault(String.valueOf(kind), operation),
                            table(part instanceof Map<?, ?> map ? map.get("TableName") : null))));
                }
            }
        } else if (request.get("RequestItems") instanceof Map<?, ?> tables) {
            tables.keySet().forEach(table -> required.add(permission(operation, table(table))));
        } else {
            String index = request.get("IndexName") instanceof String name ? "/index/" + name : "";
            required.add(permission(operation, table(request.get("TableName")) + index));
        }
        return required;
    }

    private static Permission permission(String operation, String resource) {
        return new Permission("dynamodb:" + operation, resource);
    }

    /** A table by name or ARN. A request that names no table is about all tables. */
    private static String table(@Nullable Object name) {
        if (!(name instanceof String text)) {
            return "table/*";
        }
        return text.startsWith("arn:") ? text : "table/" + text;
    }
}
