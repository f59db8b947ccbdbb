package dev.chatlab.endtoend;

import dev.samlocal.template.DeployedApplication.DeployedResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the parts of roles that no local run uses: who may assume them, where functions log, and what they trace.
 * {@link LeastPrivilegeTest} checks the rest.
 */
final class RoleChecks {

    private static final String ACCOUNT = "000000000000";
    private static final Set<String> LOGGING = Set.of("logs:CreateLogStream", "logs:PutLogEvents");
    private static final Set<String> TRACING = Set.of("xray:PutTraceSegments", "xray:PutTelemetryRecords");

    private final List<DeployedResource> resources;

    RoleChecks(List<DeployedResource> resources) {
        this.resources = resources;
    }

    Stream<String> problems() {
        return Stream.<Stream<String>>of(wildcards(), owners(), logs(), traces(), guests())
                .flatMap(Function.identity());
    }

    /** Connection ids and X-Ray's resources need a wildcard. Everything else is named. */
    private Stream<String> wildcards() {
        return ofType("AWS::IAM::Role")
                .flatMap(role -> statements(role).flatMap(statement -> wildcards(role.logicalId(), statement)));
    }

    private static Stream<String> wildcards(String role, Properties statement) {
        List<String> actions = statement.at("Action").texts();
        boolean tracing = TRACING.containsAll(actions);
        return Stream.concat(
                        actions.stream(),
                        statement.at("Resource").texts().stream()
                                .filter(resource -> !(tracing && resource.equals("*")))
                                .map(resource -> resource.replaceFirst("/@connections/\\*$", "")))
                .filter(text -> text.contains("*") || text.contains("?"))
                .map(text -> role + ": the wildcard in " + text + " grants more than is named");
    }

    /** Each function has a role of its own: a shared role would grant each function what the others need. */
    private Stream<String> owners() {
        return ofType("AWS::Serverless::Function").<String>mapMulti((function, problems) -> {
            ofType("AWS::Serverless::Function")
                    .filter(other -> !other.logicalId().equals(function.logicalId())
                            && role(other).equals(role(function)))
                    .forEach(other -> problems.accept(
                            function.logicalId() + " and " + other.logicalId() + " have the same role"));
            if (trust(role(function))
                    .noneMatch(statement -> statement.at("Action").is("sts:AssumeRole")
                            && statement.at("Principal", "Service").is("lambda.amazonaws.com"))) {
                problems.accept(function.logicalId() + ": its role is not for Lambda to assume");
            }
        });
    }

    /** A function without permission to write its log runs, but leaves no trace of its failures. */
    private Stream<String> logs() {
        return ofType("AWS::Serverless::Function").<String>mapMulti((function, problems) -> {
            String group = new Properties(function.properties())
                    .at("LoggingConfig", "LogGroup")
                    .text();
            if (ofType("AWS::Logs::LogGroup")
                    .noneMatch(candidate -> candidate.logicalId().equals(group)
                            && candidate.properties().containsKey("RetentionInDays"))) {
                problems.accept(function.logicalId() + ": its log has no group that ends some day");
            }
            Map<String, Set<String>> written = statements(role(function))
                    .filter(statement -> statement.at("Action").texts().stream().anyMatch(LOGGING::contains))
                    .collect(Collectors.toMap(
                            statement ->
                                    String.join(",", statement.at("Resource").texts()),
                            statement -> Set.copyOf(statement.at("Action").texts())));
            String own = "arn:aws:logs:" + TemplateChecks.REGION + ":" + ACCOUNT + ":" + group;
            if (!written.equals(Map.of(own, LOGGING))) {
                problems.accept(function.logicalId() + ": may not write its own log and no other");
            }
        });
    }

    private Stream<String> traces() {
        return ofType("AWS::Serverless::Function")
                .filter(function ->
                        new Properties(function.properties()).at("Tracing").is("Active")
                                != statements(role(function))
                                        .anyMatch(statement -> TRACING.equals(Set.copyOf(
                                                statement.at("Action").texts()))))
                .map(function -> function.logicalId() + ": may trace where it does not, or may not where it does");
    }

    /** Without these conditions, guests of any identity pool could assume the role. */
    private Stream<String> guests() {
        String cognito = "cognito-identity.amazonaws.com";
        return ofType("AWS::Cognito::IdentityPoolRoleAttachment").<String>mapMulti((attachment, problems) -> {
            var properties = new Properties(attachment.properties());
            String arn = properties.at("Roles", "unauthenticated").text();
            String pool = properties.at("IdentityPoolId").text();
            Map<String, Object> conditions = new LinkedHashMap<>();
            conditions.put("StringEquals", Map.of(cognito + ":aud", pool));
            conditions.put("ForAnyValue:StringLike", Map.of(cognito + ":amr", "unauthenticated"));
            if (trust(arn).count() != 1
                    || trust(arn)
                            .noneMatch(statement ->
                                    statement.at("Principal", "Federated").is(cognito)
                                            && statement.at("Action").is("sts:AssumeRoleWithWebIdentity")
                                            && conditions.equals(
                                                    statement.at("Condition").value()))) {
                problems.accept(attachment.logicalId() + ": the role is not for this pool's guests alone");
            }
        });
    }

    private static String role(DeployedResource function) {
        return new Properties(function.properties()).at("Role").text();
    }

    private Stream<Properties> trust(String arn) {
        return roles(arn)
                .flatMap(role -> new Properties(role.properties())
                        .at("AssumeRolePolicyDocument", "Statement")
                        .items());
    }

    private Stream<Properties> statements(String arn) {
        return roles(arn).flatMap(RoleChecks::statements);
    }

    private static Stream<Properties> statements(DeployedResource role) {
        return new Properties(role.properties())
                .at("Policies")
                .items()
                .flatMap(policy -> policy.at("PolicyDocument", "Statement").items());
    }

    private Stream<DeployedResource> roles(String arn) {
        return ofType("AWS::IAM::Role")
                .filter(role -> arn.equals("arn:aws:iam::" + ACCOUNT + ":role/" + role.logicalId()));
    }

    private Stream<DeployedResource> ofType(String type) {
        return resources.stream().filter(resource -> resource.type().equals(type));
    }
}
