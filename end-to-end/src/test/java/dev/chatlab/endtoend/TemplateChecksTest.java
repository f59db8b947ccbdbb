package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The template passes its checks; and each check is seen to fail, on a template with that one thing broken. */
class TemplateChecksTest {

    @TempDir
    Path folder;

    @Test
    void nothingIsWrong() {
        assertThat(TemplateChecks.problems(LocalChat.TEMPLATE, Map.of())).isEmpty();
    }

    @Test
    void nothingIsWrongWithEverythingSwitchedOn() {
        assertThat(TemplateChecks.problems(
                        LocalChat.TEMPLATE,
                        Map.of("AuthMode", "IAM", "AccessLogs", "enabled-with-account-role", "Tracing", "Active")))
                .isEmpty();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "TABLE_CR: !Ref ClientRecords",
                        "TABLE_CR: !Ref ClientRecord",
                        "no resource or parameter ClientRecord"),
                mistake("!GetAtt ConnectRole.Arn", "!GetAtt ConnectRoll.Arn", "no resource ConnectRoll"),
                mistake("integrations/${ConnectIntegration}", "integrations/${ConectIntegration}", "ConectIntegration"),
                mistake(
                        "  Api:\n    Type: AWS::ApiGatewayV2::Api\n",
                        "  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Condition: Sunday\n",
                        "no condition Sunday"),
                mistake("lambda.JoinRoomHandler", "lambda.JoinHandler", "no class dev.chatlab.lambda.JoinHandler"),
                mistake(
                        "dev.chatlab.lambda.JoinRoomHandler",
                        "java.lang.String",
                        "java.lang.String is no RequestHandler"),
                mistake("TABLE_CR:", "TABLE_CLIENTS:", "nobody reads the variable TABLE_CLIENTS"),
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
                mistake("POST/@connections/*", "*/@connections/*", "the wildcard in arn:aws:execute-api"));
    }

    private static Arguments mistake(String right, String wrong, String problem) {
        return Arguments.of(right, wrong, problem);
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("mistakes")
    void eachMistakeIsNamed(String right, String wrong, String problem) throws IOException {
        assertThat(TemplateChecks.problems(with(right, wrong), Map.of()))
                .anySatisfy(found -> assertThat(found).contains(problem));
    }

    @Test
    void cfnLintHasNothingToSay() throws Exception {
        assertThat(lint(LocalChat.TEMPLATE)).isEmpty();
    }

    @Test
    void cfnLintWouldHaveSaidSo() throws Exception {
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
            System.out.println("cfn-lint is not here: the template is not linted");
            assumeTrue(false, "cfn-lint is not here");
            throw e;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        assertThat(exit == 0).as(output).isEqualTo(output.isBlank());
        return output;
    }
}
