package dev.samlocal.template;

import dev.samlocal.iam.Permissions.Grant;
import dev.samlocal.iam.Role;
import dev.samlocal.iam.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The resources of a template that its functions and clients use: tables, roles and identity pools.
 *
 * @param account the account id in ARNs
 * @param roles the role of each function by its logical id, where the template declares the role
 */
public record BackingResources(
        String account, List<Table> tables, Map<String, Role> roles, List<IdentityPool> identityPools) {

    /**
     * A DynamoDB table.
     *
     * @param properties of {@code AWS::DynamoDB::Table}: maps, lists and text
     */
    public record Table(String name, Map<String, Object> properties) {}

    /**
     * A Cognito identity pool.
     *
     * @param id the id that clients use
     * @param guestRole the role of guests, where the template declares one
     */
    public record IdentityPool(String logicalId, String id, boolean admitsGuests, Optional<Role> guestRole) {}

    /** The services whose permissions are checked locally. Statements about others are ignored. */
    private static final Set<String> CHECKED = Set.of("dynamodb", "execute-api");

    /** AWS managed policies that grant nothing of the services above. */
    private static final Set<String> IGNORED_POLICIES = Set.of(
            "AWSLambdaBasicExecutionRole",
            "AWSXRayDaemonWriteAccess",
            "AWSXrayWriteOnlyAccess",
            "AWSLambdaVPCAccessExecutionRole");

    private static final String ROLE_ARN = "arn:aws:iam::" + Template.ACCOUNT_ID + ":role/";

    static BackingResources of(Template template) {
        Map<String, Role> byArn = new LinkedHashMap<>();
        for (var resource : template.ofType("AWS::IAM::Role")) {
            String name = resource.optionalText("RoleName").orElse(resource.logicalId());
            byArn.put(ROLE_ARN + name, new Role(name, statements(resource, name, template)));
        }
        Map<String, Role> ofFunctions = new LinkedHashMap<>();
        for (var function : template.ofType("AWS::Serverless::Function", "AWS::Lambda::Function")) {
            function.optionalText("Role")
                    .map(byArn::get)
                    .ifPresent(role -> ofFunctions.put(function.logicalId(), role));
        }
        var pools = template.ofType("AWS::Cognito::IdentityPool").stream()
                .map(pool -> {
                    String id = template.id(pool);
                    return new IdentityPool(
                            pool.logicalId(),
                            id,
                            pool.optionalText("AllowUnauthenticatedIdentities").equals(Optional.of("true")),
                            template.ofType("AWS::Cognito::IdentityPoolRoleAttachment").stream()
                                    .filter(attachment ->
                                            attachment.text("IdentityPoolId").equals(id))
                                    .flatMap(attachment -> Stream.ofNullable(
                                            attachment.texts("Roles").get("unauthenticated")))
                                    .flatMap(arn -> Stream.ofNullable(byArn.get(arn)))
                                    .findFirst());
                })
                .toList();
        return new BackingResources(Template.ACCOUNT_ID, tables(template), ofFunctions, pools);
    }

    /** Every grant of the functions' roles for the checked services, one action on one resource each. */
    public List<Grant> grants() {
        return roles.entrySet().stream()
                .flatMap(function -> function.getValue().statements().stream()
                        .filter(Statement::allows)
                        .flatMap(statement -> statement.actions().stream()
                                .flatMap(action -> statement.resources().stream()
                                        .map(resource -> new Grant(function.getKey(), action, resource)))))
                .toList();
    }

    private static List<Table> tables(Template template) {
        return template.ofType("AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable").stream()
                .map(resource -> new Table(
                        resource.optionalText("TableName").orElse(resource.logicalId()),
                        resource.is("AWS::DynamoDB::Table") ? resource.values() : simpleTable(resource)))
                .toList();
    }

    /** SAM's short form: a key alone, {@code id} of type String unless the template says otherwise. */
    private static Map<String, Object> simpleTable(Resource resource) {
        var key = resource.texts("PrimaryKey");
        String name = key.getOrDefault("Name", "id");
        String type = key.getOrDefault("Type", "String").substring(0, 1);
        return Map.of(
                "BillingMode", "PAY_PER_REQUEST",
                "KeySchema", List.of(Map.of("AttributeName", name, "KeyType", "HASH")),
                "AttributeDefinitions", List.of(Map.of("AttributeName", name, "AttributeType", type)));
    }

    private static List<Statement> statements(Resource role, String name, Template template) {
        for (Object arn : role.items("ManagedPolicyArns")) {
            String policy = String.valueOf(arn);
            if (!IGNORED_POLICIES.contains(policy.substring(policy.lastIndexOf('/') + 1))) {
                throw role.problem(
                        "ManagedPolicyArns", "the permissions of " + policy + " are not known here: write them out");
            }
        }
        List<Statement> statements = new ArrayList<>();
        for (Object policy : role.items("Policies")) {
            add(statements, role, "Policies", policy instanceof Map<?, ?> map ? map.get("PolicyDocument") : null);
        }
        template.ofType("AWS::IAM::Policy").stream()
                .filter(policy -> policy.items("Roles").contains(name))
                .forEach(policy -> add(
                        statements, policy, "PolicyDocument", policy.values().get("PolicyDocument")));
        return statements;
    }

    private static void add(List<Statement> statements, Resource resource, String property, @Nullable Object document) {
        if (!(document instanceof Map<?, ?> policy)) {
            throw resource.problem(property, "a policy has a document");
        }
        for (Object each : Resource.items(policy.get("Statement"))) {
            if (each instanceof Map<?, ?> statement) {
                statement(resource, property, statement).ifPresent(statements::add);
            }
        }
    }

    /** Reads a statement about checked services. What is not supported stops the start, so no condition is silently ignored. */
    private static Optional<Statement> statement(Resource resource, String property, Map<?, ?> statement) {
        var actions = texts(statement, "Action");
        if (statement.containsKey("Action") && actions.stream().noneMatch(BackingResources::isChecked)) {
            return Optional.empty();
        }
        for (String key : List.of("Condition", "NotAction", "NotResource")) {
            if (statement.containsKey(key)) {
                throw resource.problem(property, "a statement's " + key + " is not supported here");
            }
        }
        boolean allows = "Allow".equals(statement.get("Effect"));
        var resources = texts(statement, "Resource");
        if (actions.isEmpty() || resources.isEmpty() || !(allows || "Deny".equals(statement.get("Effect")))) {
            throw resource.problem(property, "a statement has an Effect, an Action and a Resource");
        }
        return Optional.of(new Statement(allows, actions, resources));
    }

    private static boolean isChecked(String action) {
        String service = action.toLowerCase(Locale.ROOT).split(":", 2)[0];
        return service.contains("*") || service.contains("?") || CHECKED.contains(service);
    }

    private static List<String> texts(Map<?, ?> statement, String key) {
        return Resource.items(statement.get(key)).stream().map(String::valueOf).toList();
    }
}
