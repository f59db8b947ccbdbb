package dev.chatlab.local.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whom the trust policy of a role lets have it. */
final class Trust {
    private static final String PROPERTY = "AssumeRolePolicyDocument";
    private static final String COGNITO = "cognito-identity.amazonaws.com";
    private static final Set<String> OPERATORS =
            Set.of("StringEquals", "StringLike", "ForAnyValue:StringEquals", "ForAnyValue:StringLike");

    private Trust() {}

    /**
     * Whether it lets an identity pool give it to guests. What STS is told of a guest is the pool, and that it did not log in
     * (Amazon Cognito developer guide, "Role trust and permissions").
     *
     * @throws TemplateException when a condition is of a kind that cannot be decided here
     */
    static boolean inGuests(Resource role, String identityPool) {
        var facts = Map.of(COGNITO + ":aud", identityPool, COGNITO + ":amr", "unauthenticated");
        return role
                .value(PROPERTY)
                .filter(Map.class::isInstance)
                .map(document -> ((Map<?, ?>) document).get("Statement"))
                .map(Trust::list)
                .orElse(List.of())
                .stream()
                .anyMatch(statement -> statement instanceof Map<?, ?> map && lets(map, facts, role));
    }

    private static boolean lets(Map<?, ?> statement, Map<String, String> facts, Resource role) {
        return "Allow".equals(statement.get("Effect"))
                && list(statement.get("Action")).contains("sts:AssumeRoleWithWebIdentity")
                && statement.get("Principal") instanceof Map<?, ?> principal
                && list(principal.get("Federated")).contains(COGNITO)
                && (!(statement.get("Condition") instanceof Map<?, ?> conditions) || hold(conditions, facts, role));
    }

    private static boolean hold(Map<?, ?> conditions, Map<String, String> facts, Resource role) {
        conditions.keySet().stream()
                .filter(operator -> !OPERATORS.contains(operator))
                .forEach(operator -> {
                    throw role.problem(PROPERTY, "the condition " + operator + " has no local counterpart");
                });
        return conditions.values().stream()
                .allMatch(keys -> keys instanceof Map<?, ?> map
                        && map.entrySet().stream()
                                .allMatch(key -> Optional.ofNullable(facts.get(key.getKey()))
                                        .filter(list(key.getValue())::contains)
                                        .isPresent()));
    }

    /** One where several could be is written without a list. */
    private static List<?> list(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list;
            case Object one -> List.of(one);
        };
    }
}
