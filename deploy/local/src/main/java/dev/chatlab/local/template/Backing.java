package dev.chatlab.local.template;

import dev.chatlab.local.iam.Grant;
import dev.chatlab.local.iam.Role;
import dev.chatlab.local.iam.Statement;
import java.nio.file.Path;
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
 * What the functions of a template stand on, and who may come to them.
 *
 * @param account the account that ARNs name
 * @param tables the DynamoDB tables
 * @param roles what each function may do, by its logical id, where its role is one of the template's own
 * @param identityPools the Cognito identity pools
 */
public record Backing(String account, List<Table> tables, Map<String, Role> roles, List<IdentityPool> identityPools) {

    /**
     * A DynamoDB table.
     *
     * @param name what it is called
     * @param properties of {@code AWS::DynamoDB::Table}: maps, lists and text
     */
    public record Table(String name, Map<String, Object> properties) {}

    /**
     * A Cognito identity pool.
     *
     * @param id as clients know it
     * @param admitsGuests whether there are identities that did not log in anywhere
     * @param guestRole what these may do, where it is one of the template's own roles and trusts the pool
     */
    public record IdentityPool(String logicalId, String id, boolean admitsGuests, Optional<Role> guestRole) {}

    /** The services whose endpoints check what somebody may do; what a role says of others is nobody's concern here. */
    private static final Set<String> CHECKED = Set.of("dynamodb", "execute-api");

    /** AWS's own policies that allow nothing of the services above. */
    private static final Set<String> UNCONCERNED = Set.of(
            "AWSLambdaBasicExecutionRole",
            "AWSXRayDaemonWriteAccess",
            "AWSXrayWriteOnlyAccess",
            "AWSLambdaVPCAccessExecutionRole");

    private static final String ROLE_ARN = "arn:aws:iam::" + Pseudo.ACCOUNT_ID + ":role/";

    /**
     * Reads them.
     *
     * @throws TemplateException naming the place, whenever a table or a role cannot be had here as it is written
     */
    public static Backing read(Path file, Map<String, String> parameters, String region) {
        try {
            var template = Template.parse(TemplateReader.text(file), parameters, region);
            var roles = roles(template);
            return new Backing(
                    Pseudo.ACCOUNT_ID, tables(template), ofFunctions(template, roles), pools(template, roles));
        } catch (TemplateException e) {
            throw e.in(file.toString());
        }
    }

    /** Everything that the roles allow of what is checked here, one by one. */
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
        return template.ofType("AWS::DynamoDB::Table").stream()
                .map(resource ->
                        new Table(resource.optionalText("TableName").orElse(resource.logicalId()), resource.values()))
                .toList();
    }

    private static Map<String, Role> roles(Template template) {
        Map<String, Role> byName = new LinkedHashMap<>();
        for (var resource : template.ofType("AWS::IAM::Role")) {
            String name = name(resource);
            byName.put(name, new Role(name, statements(resource, name, template)));
        }
        return byName;
    }

    private static Map<String, Role> ofFunctions(Template template, Map<String, Role> byName) {
        Map<String, Role> roles = new LinkedHashMap<>();
        for (var function : template.ofType("AWS::Serverless::Function", "AWS::Lambda::Function")) {
            function.optionalText("Role")
                    .flatMap(arn -> role(arn, byName))
                    .ifPresent(role -> roles.put(function.logicalId(), role));
        }
        return roles;
    }

    private static Optional<Role> role(String arn, Map<String, Role> byName) {
        return arn.startsWith(ROLE_ARN)
                ? Optional.ofNullable(byName.get(arn.substring(arn.lastIndexOf('/') + 1)))
                : Optional.empty();
    }

    private static List<IdentityPool> pools(Template template, Map<String, Role> byName) {
        return template.ofType("AWS::Cognito::IdentityPool").stream()
                .map(pool -> {
                    String id = template.id(pool);
                    return new IdentityPool(
                            pool.logicalId(),
                            id,
                            pool.optionalText("AllowUnauthenticatedIdentities")
                                    .filter("true"::equals)
                                    .isPresent(),
                            template.ofType("AWS::Cognito::IdentityPoolRoleAttachment").stream()
                                    .filter(attachment ->
                                            attachment.text("IdentityPoolId").equals(id))
                                    .flatMap(attachment -> Stream.ofNullable(
                                            attachment.texts("Roles").get("unauthenticated")))
                                    .flatMap(arn -> role(arn, byName).stream())
                                    .filter(role -> Trust.inGuests(resource(role, template), id))
                                    .findFirst());
                })
                .toList();
    }

    private static Resource resource(Role role, Template template) {
        return template.ofType("AWS::IAM::Role").stream()
                .filter(resource -> name(resource).equals(role.name()))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Resource role) {
        return role.optionalText("RoleName").orElse(role.logicalId());
    }

    private static List<Statement> statements(Resource role, String name, Template template) {
        for (Object arn : list(role.value("ManagedPolicyArns"))) {
            String policy = String.valueOf(arn);
            if (!UNCONCERNED.contains(policy.substring(policy.lastIndexOf('/') + 1))) {
                throw role.problem("ManagedPolicyArns", "what " + policy + " allows is not known here: write it out");
            }
        }
        List<Statement> statements = new ArrayList<>();
        for (Object policy : list(role.value("Policies"))) {
            add(statements, role, "Policies", policy instanceof Map<?, ?> map ? map.get("PolicyDocument") : null);
        }
        for (var policy : template.ofType("AWS::IAM::Policy")) {
            if (list(policy.value("Roles")).contains(name)) {
                add(
                        statements,
                        policy,
                        "PolicyDocument",
                        policy.value("PolicyDocument").orElse(null));
            }
        }
        return statements;
    }

    private static void add(List<Statement> statements, Resource resource, String property, @Nullable Object document) {
        if (!(document instanceof Map<?, ?> policy)) {
            throw resource.problem(property, "a policy has a document");
        }
        for (Object each : list(Optional.ofNullable(policy.get("Statement")))) {
            if (!(each instanceof Map<?, ?> statement)) {
                throw resource.problem(property, "a statement is a map");
            }
            statement(resource, property, statement).ifPresent(statements::add);
        }
    }

    /** A statement on what is checked here; what it could say that is not understood stops the start: nothing is ignored. */
    private static Optional<Statement> statement(Resource resource, String property, Map<?, ?> statement) {
        var actions = texts(statement.get("Action"));
        if (statement.containsKey("Action") && actions.stream().noneMatch(Backing::checked)) {
            return Optional.empty();
        }
        for (String key : List.of("Condition", "NotAction", "NotResource")) {
            if (statement.containsKey(key)) {
                throw resource.problem(property, "a statement's " + key + " has no local counterpart");
            }
        }
        String effect = String.valueOf(statement.get("Effect"));
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw resource.problem(property, "a statement's Effect is Allow or Deny, not " + effect);
        }
        var resources = texts(statement.get("Resource"));
        if (actions.isEmpty() || resources.isEmpty()) {
            throw resource.problem(property, "a statement has an Action and a Resource");
        }
        return Optional.of(new Statement(effect.equals("Allow"), actions, resources));
    }

    private static boolean checked(String action) {
        String service = action.toLowerCase(Locale.ROOT).split(":", 2)[0];
        return service.contains("*") || service.contains("?") || CHECKED.contains(service);
    }

    private static List<String> texts(@Nullable Object value) {
        return list(Optional.ofNullable(value)).stream().map(String::valueOf).toList();
    }

    /** One where several could be is written without a list. */
    private static List<?> list(Optional<?> value) {
        if (value.isEmpty()) {
            return List.of();
        }
        return value.get() instanceof List<?> list ? list : List.of(value.get());
    }
}
