package dev.samlocal.template;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Evaluates the trust policy of a role. */
final class TrustPolicy {
    private static final String PROPERTY = "AssumeRolePolicyDocument";
    private static final String COGNITO = "cognito-identity.amazonaws.com";
    private static final Set<String> OPERATORS =
            Set.of("StringEquals", "StringLike", "ForAnyValue:StringEquals", "ForAnyValue:StringLike");

    private TrustPolicy() {}

    /**
     * Whether guests of an identity pool may assume the role. STS sees the pool of a guest and that the guest did not log in
     * (Amazon Cognito developer guide, "Role trust and permissions").
     *
     * @throws TemplateException when a condition's operator is not supported here
     */
    static boolean allowsGuests(Resource role, String identityPool) {
        var claims = Map.of(COGNITO + ":aud", identityPool, COGNITO + ":amr", "unauthenticated");
        return role.value(PROPERTY).orElse(Map.of()) instanceof Map<?, ?> document
                && items(document, "Statement").stream()
                        .anyMatch(statement -> statement instanceof Map<?, ?> map && allows(map, claims, role));
    }

    private static boolean allows(Map<?, ?> statement, Map<String, String> claims, Resource role) {
        return "Allow".equals(statement.get("Effect"))
                && items(statement, "Action").contains("sts:AssumeRoleWithWebIdentity")
                && statement.get("Principal") instanceof Map<?, ?> principal
                && items(principal, "Federated").contains(COGNITO)
                && (!(statement.get("Condition") instanceof Map<?, ?> conditions)
                        || conditions.entrySet().stream().allMatch(condition -> holds(condition, claims, role)));
    }

    private static boolean holds(Map.Entry<?, ?> condition, Map<String, String> claims, Resource role) {
        if (!OPERATORS.contains(String.valueOf(condition.getKey()))) {
            throw role.problem(PROPERTY, "the condition " + condition.getKey() + " is not supported here");
        }
        return condition.getValue() instanceof Map<?, ?> keys
                && keys.keySet().stream()
                        .allMatch(key -> claims.containsKey(String.valueOf(key))
                                && items(keys, key).contains(claims.get(String.valueOf(key))));
    }

    private static List<?> items(Map<?, ?> map, Object key) {
        return Resource.items(map.get(key));
    }
}
