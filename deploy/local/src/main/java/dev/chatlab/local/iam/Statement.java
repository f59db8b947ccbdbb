package dev.chatlab.local.iam;

import java.util.List;

/**
 * A statement of an identity policy without conditions.
 *
 * @param allows whether it allows, or else denies
 * @param actions patterns such as {@code dynamodb:Get*}
 * @param resources patterns of ARNs
 */
public record Statement(boolean allows, List<String> actions, List<String> resources) {

    public Statement {
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
    }

    /** Whether it speaks of this action on this resource. */
    boolean covers(String action, String resource) {
        return actions.stream().anyMatch(pattern -> Wildcard.ignoringCase(pattern, action))
                && resources.stream().anyMatch(pattern -> Wildcard.exactly(pattern, resource));
    }
}
