package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The template passes its checks, and each check detects a template with one mistake. */
class TemplateChecksTest {

    private static final Map<String, List<String>> OPTIONS = Map.of(
            "AuthMode", List.of("NONE", "IAM"),
            "Hosting", List.of("enabled", "disabled"),
            "Monitoring", List.of("enabled", "disabled"),
            "AlarmEmail", List.of("", "operator@chat.example"),
            "Tracing", List.of("Active", "PassThrough"),
            "AccessLogs", List.of("disabled", "enabled", "enabled-with-account-role"));

    private static final Map<String, String> EVERYTHING = Map.of(
            "AuthMode", "IAM", "AlarmEmail", "operator@chat.example", "Tracing", "Active", "AccessLogs", "enabled");

    @TempDir
    Path folder;

    @Test
    void templatePassesAllChecks() {
        assertThat(TemplateChecks.problems(LocalChat.TEMPLATE, Map.of())).isEmpty();
    }

    /** A condition may need a resource of another condition, so each combination of parameters is checked. */
    @Test
    void templatePassesAllChecksForEveryCombinationOfOptions() {
        Stream<Map<String, String>> stacks = Stream.of(Map.of());
        for (var option : OPTIONS.entrySet()) {
            stacks = stacks.flatMap(chosen -> option.getValue().stream().map(value -> {
                Map<String, String> more = new HashMap<>(chosen);
                more.put(option.getKey(), value);
                return more;
            }));
        }
        assertThat(stacks)
                .hasSize(96)
                .allSatisfy(stack -> assertThat(TemplateChecks.problems(LocalChat.TEMPLATE, stack))
                        .isEmpty());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "TABLE_CR: !Ref ClientRecords",
                        "TABLE_CR: !Ref ClientRecord",
                        "no resource or parameter ClientRecord"),
                mistake(
                        "!GetAtt ConnectRole.Arn",
                        "!GetAtt ConnectRoll.Arn",
                        "no resource with the attribute ConnectRoll.Arn"),
                mistake("integrations/${ConnectIntegration}", "integrations/${ConectIntegration}", "ConectIntegration"),
                mistake(
                        "  Api:\n    Type: AWS::ApiGatewayV2::Api\n",
                        "  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Condition: Sunday\n",
                        "no condition Sunday"),
                mistake("lambda.JoinRoomHandler", "lambda.JoinHandler", "no class dev.chatlab.lambda.JoinHandler"),
                mistake(
                        "dev.chatlab.lambda.JoinRoomHandler",
                        "java.lang.String",
                        "java.lang.String is not a RequestHandler"),
                mistake("TABLE_CR:", "TABLE_CLIENTS:", "no code reads the variable TABLE_CLIENTS"),
                mistake("TABLE_CR:", "CHAT_STORE:", "CHAT_STORE is "),
                mistake("        TABLE_RMU: !Ref RoomMessagesUsers\n", "", "TABLE_RMU is not set"),
                mistake("${StageName}/dispatch\"", "${StageName}/despatch\"", "the route dispatch may not invoke"),
                mistake("${StageName}/dispatch\"", "${StageName}/despatch\"", "/despatch may invoke"),
                mistake(
                        "FunctionName: !Ref LeaveRoomFunction.Alias",
                        "FunctionName: !Ref LeaveRoomFunction",
                        "the route leave-room may not invoke"),
                mistake(
                        "RouteId: !Ref JoinRoomRoute\n",
                        "RouteId: !Ref DefaultRoute\n",
                        "the route join-room has no response"),
                mistake(
                        "      Target: !Sub \"integrations/${JoinRoomIntegration}\"\n",
                        "",
                        "join-room has no integration"),
                mistake(
                        "Action: [dynamodb:Query, dynamodb:PutItem]",
                        "Action: dynamodb:*",
                        "the wildcard in dynamodb:*"),
                mistake(
                        "Resource: [!GetAtt ClientRecords.Arn, !GetAtt RoomMessagesUsers.Arn]",
                        "Resource: \"*\"",
                        "the wildcard in *"),
                mistake("POST/@connections/*", "*/@connections/*", "the wildcard in arn:aws:execute-api"),
                mistake("Runtime: java25", "Runtime: java21", "not java25 on arm64 from a published snapshot"),
                mistake("PublishedVersions", "None", "not java25 on arm64 from a published snapshot"),
                mistake(
                        "functions/${JoinRoomFunction.Alias}/",
                        "functions/${JoinRoomFunction.Arn}/",
                        "the route join-room may not invoke"),
                mistake("AutoDeploy: true", "AutoDeploy: false", "Stage: it is not deployed automatically"),
                mistake("      - JoinRoomRouteResponse\n", "", "may be deployed before there is JoinRoomRoute"),
                mistake("      - JoinRoomRouteResponse\n", "      - JoinRoute\n", "there is no resource JoinRoute"),
                mistake(
                        "      - DefaultIntegrationResponse\n",
                        "",
                        "may be deployed before there is DefaultIntegrationResponse"),
                mistake("AttributeName: expires", "AttributeName: expiry", "nothing in it ever expires"),
                mistake(
                        "Role: !GetAtt SendMessageRole.Arn",
                        "Role: !GetAtt LeaveRoomRole.Arn",
                        "SendMessageFunction and LeaveRoomFunction have the same role"),
                mistake(
                        "LogGroup: !Ref JoinRoomLogGroup",
                        "LogGroup: !Ref LeaveRoomLogGroup",
                        "JoinRoomFunction: may not write its own log"),
                mistake(
                        "[logs:CreateLogStream, logs:PutLogEvents]",
                        "logs:PutLogEvents",
                        "may not write its own log and no other"),
                mistake("RetentionInDays: !Ref LogRetentionDays", "KmsKeyId: none", "no group that ends some day"),
                mistake("Service: lambda.amazonaws.com", "Service: ec2.amazonaws.com", "not for Lambda to assume"),
                mistake("xray:PutTelemetryRecords", "xray:GetSamplingRules", "may not where it does"),
                mistake(
                        "StringEquals: { \"cognito-identity.amazonaws.com:aud\": !Ref IdentityPool }\n",
                        "",
                        "the role is not for this pool's guests alone"),
                mistake(
                        "MetricName: Undelivered",
                        "MetricName: Lost",
                        "UndeliveredAlarm: no code and no AWS service writes the metric"),
                mistake(
                        "Dimensions: [{ Name: Code, Value: busy }]",
                        "Dimensions: [{ Name: Code, Value: bussy }]",
                        "BusyAlarm: no code and no AWS service writes the metric"),
                mistake(
                        "{ Name: Code, Value: busy }",
                        "{ Name: Reason, Value: busy }",
                        "BusyAlarm: no code and no AWS service writes"),
                mistake(
                        "Value: !Ref SendMessageFunction }]",
                        "Value: !Ref SendMessageFunction.Alias }]",
                        "SlowAlarm: no code and no AWS service writes the metric AWS/Lambda Duration"),
                mistake(
                        "Dimensions: [{ Name: ApiId, Value: !Ref Api }, { Name: Stage, Value: !Ref StageName }]",
                        "Dimensions: [{ Name: ApiId, Value: !Ref Api }]",
                        "ApiAlarm: no code and no AWS service writes"),
                mistake(
                        "CHAT_METRICS_NAMESPACE: !Ref AWS::StackName",
                        "CHAT_METRICS_NAMESPACE: Chat",
                        "no code and no AWS service writes"),
                mistake("FILL(gone, 0) / (", "FILL(lost, 0) / (", "GoneAlarm: "),
                mistake(
                        "[\".\", \"MessageCount\"",
                        "[\".\", \"Messages\"",
                        "Dashboard, Connections: no code and no AWS service writes"),
                mistake(
                        "MetricName=\\\"Rejections\\\"",
                        "MetricName=\\\"Errors\\\"",
                        "Rejections by code: no code and no AWS service writes"),
                mistake(
                        "{ \"stat\": \"Sum\" }]\n              ] } },",
                        "{ \"stat\": \"Sum\" }],\n              ] } },",
                        "not a dashboard"),
                mistake(
                        "[\"${AWS::StackName}\", \"Undelivered\", { \"stat\": \"Sum\" }]",
                        "[\"${AWS::StackName}\", \"Gone\", { \"stat\": \"Sum\" }]",
                        "no graph shows the metric Undelivered"),
                mistake("BlockPublicPolicy: true", "BlockPublicPolicy: false", "could be made public"),
                mistake(
                        "distribution/${Distribution}",
                        "distribution/*",
                        "the distribution, and nothing else, must be allowed to read it"),
                mistake(
                        "Action: s3:GetObject",
                        "Action: s3:PutObject",
                        "the distribution, and nothing else, must be allowed to read it"),
                mistake(
                        "            OriginAccessControlId: !GetAtt WebAccess.Id\n",
                        "",
                        "the origin files is not a bucket with signed requests"),
                mistake("\n          ResponseHeadersPolicyId: !Ref SecurityHeaders\n", "\n", "or no security headers"),
                mistake(
                        "  PageUrl:\n    Condition: HasHosting\n",
                        "  PageUrl:\n    Condition: HasHosted\n",
                        "there is no condition HasHosted"));
    }

    private static Arguments mistake(String right, String wrong, String problem) {
        return Arguments.of(right, wrong, problem);
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("mistakes")
    void checkNamesTheMistake(String right, String wrong, String problem) throws IOException {
        assertThat(TemplateChecks.problems(with(right, wrong), EVERYTHING))
                .anySatisfy(found -> assertThat(found).contains(problem));
    }

    @Test
    void outputWithoutConditionIsDetected() throws IOException {
        assertThat(TemplateChecks.problems(
                        with("  PageUrl:\n    Condition: HasHosting\n", "  PageUrl:\n"), Map.of("Hosting", "disabled")))
                .singleElement()
                .asString()
                .contains("Outputs.PageUrl.Value: Distribution does not exist");
    }

    @Test
    void cfnLintFindsNoProblem() throws Exception {
        assertThat(lint(LocalChat.TEMPLATE)).isEmpty();
    }

    @Test
    void cfnLintFindsAWrongProperty() throws Exception {
        assertThat(lint(with("RetentionInDays: !Ref LogRetentionDays", "RetentionDays: !Ref LogRetentionDays")))
                .contains("RetentionDays");
    }

    private Path with(String right, String wrong) throws IOException {
        String template = Files.readString(LocalChat.TEMPLATE);
        assertThat(template).contains(right);
        Path broken = folder.resolve("template.yaml");
        return Files.writeString(broken, template.replace(right, wrong));
    }

    private static String lint(Path template) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("cfn-lint", template.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            System.out.println("cfn-lint is not installed: the template is not linted");
            assumeTrue(false, "cfn-lint is not installed");
            throw e;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        assertThat(exit == 0).as(output).isEqualTo(output.isBlank());
        return output;
    }
}
