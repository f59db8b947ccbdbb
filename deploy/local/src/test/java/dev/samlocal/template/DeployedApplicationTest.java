package dev.samlocal.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.samlocal.template.DeployedApplication.DeployedResource;
import dev.samlocal.template.WebSocketApi.LambdaProxy;
import dev.samlocal.template.WebSocketApi.Mock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates: what is read from them, and the messages for mistakes in them. */
class DeployedApplicationTest {

    /** Every supported element once. Tests replace {@code VALUE: text} by the expression to resolve. */
    private static final String TEMPLATE = """
            Transform: AWS::Serverless-2016-10-31
            Parameters:
              Size:
                Type: Number
                Default: 512
              Colors:
                Type: CommaDelimitedList
                Default: red, green,blue
              Mood:
                Type: String
                Default: calm
                AllowedPattern: "[a-z]+"
            Mappings:
              ByRegion:
                eu-west-1: {Name: Dublin}
            Conditions:
              IsCalm: !Equals [!Ref Mood, calm]
              IsWild: !Not [Condition: IsCalm]
              IsAny: !Or [!Condition IsCalm, !Condition IsWild]
              IsBoth:
                Fn::And: [Condition: IsCalm, Condition: IsWild]
            Globals:
              Function:
                Runtime: java25
                Timeout: 7
                Environment:
                  Variables:
                    GLOBAL: everywhere
                    BOTH: from the globals
            Resources:
              Api:
                Type: AWS::ApiGatewayV2::Api
                Properties:
                  ProtocolType: WEBSOCKET
                  RouteSelectionExpression: $request.body.action
              Stage:
                Type: AWS::ApiGatewayV2::Stage
                Properties:
                  ApiId: !Ref Api
                  StageName: live
                  StageVariables: {tone: low}
              Table:
                Type: AWS::DynamoDB::Table
                Properties: {TableName: things}
              Bucket:
                Type: AWS::S3::Bucket
              Queue:
                Type: AWS::SQS::Queue
              Wild:
                Type: AWS::SNS::Topic
                Condition: IsWild
              Function:
                Type: AWS::Serverless::Function
                Properties:
                  FunctionName: !Sub "${AWS::StackName}-f"
                  Handler: some.Handler
                  MemorySize: !Ref Size
                  AutoPublishAlias: live
                  Environment:
                    Variables:
                      BOTH: from the function
                      VALUE: text
              Integration:
                Type: AWS::ApiGatewayV2::Integration
                Properties:
                  ApiId: !Ref Api
                  IntegrationType: AWS_PROXY
                  IntegrationUri: !Sub "arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Function.Alias}/invocations"
                  TimeoutInMillis: 5000
              Route:
                Type: AWS::ApiGatewayV2::Route
                Properties:
                  ApiId: !Ref Api
                  RouteKey: ask
                  AuthorizationType: NONE
                  Target: !Sub "integrations/${Integration}"
                  RouteResponseSelectionExpression: $default
              Response:
                Type: AWS::ApiGatewayV2::RouteResponse
                Properties: {ApiId: !Ref Api, RouteId: !Ref Route, RouteResponseKey: $default}
              Mock:
                Type: AWS::ApiGatewayV2::Integration
                Properties:
                  ApiId: !Ref Api
                  IntegrationType: MOCK
                  TemplateSelectionExpression: "202"
                  RequestTemplates: {"202": '{"statusCode": 202}'}
              MockResponse:
                Type: AWS::ApiGatewayV2::IntegrationResponse
                Properties:
                  ApiId: !Ref Api
                  IntegrationId: !Ref Mock
                  IntegrationResponseKey: $default
                  TemplateSelectionExpression: \\$default
                  ResponseTemplates: {$default: "for $context.connectionId"}
              MockRoute:
                Type: AWS::ApiGatewayV2::Route
                Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Sub "integrations/${Mock}"}
            Outputs:
              Url: {Value: !Sub "wss://${Api}/live"}
              News: {Condition: IsWild, Value: !GetAtt Wild.TopicName}
            """;

    @TempDir
    private Path folder;

    // NullAway requires initialization; JUnit initializes the field before each test.
    @SuppressWarnings("NullAway.Init")
    DeployedApplicationTest() {}

    @Test
    void apiIsRead() throws IOException {
        var api = read(TEMPLATE);
        assertThat(api.apiId()).isEqualTo("Api");
        assertThat(api.stage()).isEqualTo("live");
        assertThat(api.stageVariables()).isEqualTo(Map.of("tone", "low"));
        assertThat(api.routes()).containsOnlyKeys("ask", "$default");
        assertThat(api.functions()).hasSize(1);

        var ask = Objects.requireNonNull(api.routes().get("ask"));
        assertThat(ask.responds()).isTrue();
        assertThat(ask.integration()).isInstanceOfSatisfying(LambdaProxy.class, proxy -> {
            assertThat(proxy.timeout()).isEqualTo(Duration.ofSeconds(5));
            var function = proxy.function();
            assertThat(function.logicalId()).isEqualTo("Function");
            assertThat(function.name()).isEqualTo("local-f");
            assertThat(function.arn()).isEqualTo("arn:aws:lambda:eu-west-1:000000000000:function:local-f:live");
            assertThat(function.handler()).isEqualTo("some.Handler");
            assertThat(function.timeout()).isEqualTo(Duration.ofSeconds(7));
            assertThat(function.memoryMegabytes()).isEqualTo(512);
            assertThat(function.environment())
                    .isEqualTo(Map.of("GLOBAL", "everywhere", "BOTH", "from the function", "VALUE", "text"));
        });

        var otherwise = Objects.requireNonNull(api.routes().get("$default"));
        assertThat(otherwise.responds()).isFalse();
        assertThat(otherwise.integration()).isInstanceOfSatisfying(Mock.class, mock -> {
            assertThat(mock.statusCode()).isEqualTo(202);
            assertThat(mock.timeout()).isEqualTo(Duration.ofSeconds(29));
            assertThat(mock.response().orElseThrow().render(Map.of("connectionId", "$1")))
                    .isEqualTo("for $1");
        });
    }

    @Test
    void jsonIsRead() throws IOException {
        Path json = folder.resolve("template.json");
        Files.writeString(json, """
                {"Resources": {
                  "Api": {"Type": "AWS::ApiGatewayV2::Api",
                          "Properties": {"ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.a"}},
                  "Stage": {"Type": "AWS::ApiGatewayV2::Stage",
                            "Properties": {"ApiId": {"Ref": "Api"}, "StageName": {"Fn::Sub": "${AWS::Region}"}}}}}
                """);
        assertThat(DeployedApplication.read(json, Map.of(), "eu-west-1").api().stage())
                .isEqualTo("eu-west-1");
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("007", "007"),
                Arguments.of("2010-09-09", "2010-09-09"),
                Arguments.of("!Ref Mood", "calm"),
                Arguments.of("{Ref: Mood}", "calm"),
                Arguments.of("!Ref AWS::Region", "eu-west-1"),
                Arguments.of("!Ref AWS::AccountId", "000000000000"),
                Arguments.of("!Ref Table", "things"),
                Arguments.of("!Ref Bucket", "Bucket"),
                Arguments.of("!Ref Queue", "https://sqs.eu-west-1.amazonaws.com/000000000000/Queue"),
                Arguments.of("!Ref Function", "local-f"),
                Arguments.of("!Ref Function.Alias", "arn:aws:lambda:eu-west-1:000000000000:function:local-f:live"),
                Arguments.of("!Ref Function.Version", "arn:aws:lambda:eu-west-1:000000000000:function:local-f:1"),
                Arguments.of("!GetAtt Table.Arn", "arn:aws:dynamodb:eu-west-1:000000000000:table/things"),
                Arguments.of("!GetAtt [Bucket, Arn]", "arn:aws:s3:::Bucket"),
                Arguments.of("{Fn::GetAtt: [Function, Arn]}", "arn:aws:lambda:eu-west-1:000000000000:function:local-f"),
                Arguments.of("!GetAtt FunctionRole.Arn", "arn:aws:iam::000000000000:role/FunctionRole"),
                Arguments.of(
                        "!GetAtt Table.StreamArn", "arn:aws:dynamodb:eu-west-1:000000000000:table/things/stream/local"),
                Arguments.of(
                        "!Sub \"${Mood} ${Table} ${Table.Arn} ${!Mood} $Mood\"",
                        "calm things arn:aws:dynamodb:eu-west-1:000000000000:table/things ${Mood} $Mood"),
                Arguments.of("!Sub [\"${Mine}-${Mood}\", {Mine: !Ref Table}]", "things-calm"),
                Arguments.of("!Join [\"-\", [a, !Ref Mood, c]]", "a-calm-c"),
                Arguments.of("!Join [\"|\", !Ref Colors]", "red|green|blue"),
                Arguments.of("!Select [1, !Ref Colors]", "green"),
                Arguments.of("!Select [\"2\", !Split [\".\", a.b.c]]", "c"),
                Arguments.of("!FindInMap [ByRegion, !Ref AWS::Region, Name]", "Dublin"),
                Arguments.of("!If [IsCalm, yes, no]", "yes"),
                Arguments.of("!If [IsWild, yes, no]", "no"),
                Arguments.of("!If [IsAny, yes, no]", "yes"),
                Arguments.of("!If [IsBoth, yes, no]", "no"),
                // The branch that the condition excludes is not evaluated.
                Arguments.of("!If [IsWild, !Ref Wild, tame]", "tame"),
                Arguments.of("!Base64 hello", "aGVsbG8="),
                Arguments.of("{Fn::Base64: !Sub \"${Mood}\"}", "Y2FsbQ=="));
    }

    @ParameterizedTest
    @MethodSource("values")
    void expressionIsResolved(String expression, String value) throws IOException {
        assertThat(environment(TEMPLATE.replace("VALUE: text", "VALUE: " + expression)))
                .containsEntry("VALUE", value);
    }

    @Test
    void noValueRemovesProperty() throws IOException {
        assertThat(environment(TEMPLATE.replace("VALUE: text", "VALUE: !If [IsWild, wild, !Ref AWS::NoValue]")))
                .containsOnlyKeys("GLOBAL", "BOTH");
    }

    @Test
    void givenParameterValuesAreUsed() throws IOException {
        String template = TEMPLATE.replace("VALUE: text", "VALUE: !If [IsWild, !GetAtt Wild.TopicName, !Ref Mood]");
        Path file = Files.writeString(folder.resolve("template.yaml"), template);
        var api = DeployedApplication.read(file, Map.of("Mood", "wild", "Size", "256"), "eu-west-1")
                .api();
        assertThat(api.functions()).first().satisfies(function -> {
            assertThat(function.memoryMegabytes()).isEqualTo(256);
            assertThat(function.environment()).containsEntry("VALUE", "Wild.TopicName");
        });
    }

    @Test
    void outputsAreResolved() throws IOException {
        Path file = Files.writeString(folder.resolve("template.yaml"), TEMPLATE);

        assertThat(DeployedApplication.read(file, Map.of(), "eu-west-1").outputs())
                .isEqualTo(Map.of("Url", "wss://Api/live"));
        assertThat(DeployedApplication.read(file, Map.of("Mood", "wild"), "eu-west-1")
                        .outputs())
                .containsOnly(Map.entry("Url", "wss://Api/live"), Map.entry("News", "Wild.TopicName"));

        Path broken = Files.writeString(file, TEMPLATE.replace("News: {Condition: IsWild, ", "News: {"));
        assertThatThrownBy(() ->
                        DeployedApplication.read(broken, Map.of(), "eu-west-1").outputs())
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("Outputs.News.Value: Wild does not exist, because the condition IsWild is false");
    }

    @Test
    void dependsOnIsRead() throws IOException {
        Path file = Files.writeString(
                folder.resolve("template.yaml"),
                TEMPLATE.replace("Type: AWS::S3::Bucket", "Type: AWS::S3::Bucket\n    DependsOn: [Table, Queue]")
                        .replace("Type: AWS::SQS::Queue", "Type: AWS::SQS::Queue\n    DependsOn: Table"));

        assertThat(DeployedApplication.read(file, Map.of(), "eu-west-1").resources())
                .filteredOn(resource -> !resource.dependsOn().isEmpty())
                .extracting(DeployedResource::logicalId, DeployedResource::dependsOn)
                .containsExactly(tuple("Bucket", List.of("Table", "Queue")), tuple("Queue", List.of("Table")));
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                // The text
                problem(TEMPLATE, "", "the template is empty"),
                problem(TEMPLATE, "[]", "the template: must be a map"),
                problem(TEMPLATE, "a: {b", "not YAML: .*"),
                problem(TEMPLATE, "a: &x [*x]", "a YAML alias, which CloudFormation does not support"),
                problem(TEMPLATE, "? [a]\n: b", "a key must be text"),
                problem(TEMPLATE, "a: " + "[".repeat(100_000), "not YAML: nested too deeply"),
                problem(TEMPLATE, "Description: none", "there are no Resources"),
                problem("VALUE: text", "BOTH: again", "duplicate key BOTH"),
                problem("Mappings:", "Conditions: {}\nMappings:", "duplicate key Conditions"),
                // Its parts
                problem("Bucket:\n    Type: AWS::S3::Bucket", "Bucket: none", "Resources.Bucket: must be a map"),
                problem("    Type: AWS::S3::Bucket", "    Properties: {}", "Resources.Bucket: the Type is missing"),
                problem("    Type: AWS::S3::Bucket", "    Type: [a]", "Resources.Bucket.Type: must be text"),
                problem("Properties: {TableName: things}", "Properties: [a]", "Properties: must be a map"),
                // Parameters
                problem("    Default: calm\n", "", "Parameters.Mood: it has no default: pass a value"),
                problem("Default: calm", "Default: Calm", "Parameters.Mood: \"Calm\" does not match \\[a-z]\\+"),
                problem("\"[a-z]+\"", "\"[a-z+\"", "Parameters.Mood: AllowedPattern is not a regular expression: .*"),
                problem(
                        "    AllowedPattern: \"[a-z]+\"",
                        "    AllowedValues: [wild]",
                        "Parameters.Mood: \"calm\" is not one of its AllowedValues"),
                problem(
                        "Type: Number",
                        "Type: AWS::SSM::Parameter::Value<String>",
                        "Parameters.Size: its default names an SSM parameter, which is not available locally: pass a value"),
                problem("Default: 512", "Default: [512]", "Parameters.Size.Default: must be text"),
                problem(
                        "  Mood:\n    Type: String\n    Default: calm\n    AllowedPattern: \"[a-z]+\"",
                        "  Mood: calm",
                        "Parameters.Mood: must be a map"),
                // References
                value("!Ref Nothing", "there is no resource or parameter Nothing"),
                value("!GetAtt Nothing.Arn", "there is no resource with the attribute Nothing.Arn"),
                value("!GetAtt Table", "there is no resource with the attribute Table"),
                value("!Sub \"${Nothing}\"", "there is no resource or parameter Nothing"),
                value("!Sub \"${Nothing.Arn}\"", "there is no resource with the attribute Nothing.Arn"),
                value("!Sub [\"${Nothing}\", {Mine: x}]", "there is no resource or parameter Nothing"),
                value("!If [Nothing, a, b]", "there is no condition Nothing"),
                value("!Ref Wild", "Wild does not exist, because the condition IsWild is false"),
                value("!GetAtt Wild.TopicName", "Wild does not exist, because the condition IsWild is false"),
                problem(
                        "Condition: IsWild\n  Function",
                        "Condition: Nothing\n  Function",
                        "Resources.Wild: there is no condition Nothing"),
                problem(
                        "Type: AWS::S3::Bucket",
                        "Type: AWS::S3::Bucket\n    DependsOn: Nothing",
                        "Bucket.DependsOn: there is no resource Nothing"),
                problem(
                        "Type: AWS::S3::Bucket",
                        "Type: AWS::S3::Bucket\n    DependsOn: [Table, {a: b}]",
                        "Resources.Bucket.DependsOn: must be text"),
                // Functions
                value("!Sub [a, b]", "must be a map"),
                value("!Join [a]", "Fn::Join takes a list of 2"),
                value("!Split a", "Fn::Split takes a list of 2"),
                value("!If [IsCalm, a]", "Fn::If takes a list of 3"),
                value("!Select [3, !Ref Colors]", "Fn::Select has no item 3 in a list of 3"),
                value("!Select [-1, !Ref Colors]", "Fn::Select has no item -1 in a list of 3"),
                value("!FindInMap [ByRegion, us-east-1, Name]", "Mappings has no ByRegion.us-east-1.Name"),
                value("!ImportValue Other", "Fn::ImportValue is not supported here"),
                value("!Equals [a, a]", "Fn::Equals is not supported here"),
                value("!Transform [a]", "Fn::Transform is not supported here"),
                value("!Join [\"-\", !Ref AWS::NoValue]", "must be text, not AWS::NoValue"),
                value("!Join [\"-\", {a: b}]", "must be text"),
                value("!Sub {a: b}", "must be text"),
                value("!Base64 {Ref: AWS::NoValue}", "must be text, not AWS::NoValue"),
                value("[a]", "must be text"),
                value("!Ref Colors", "must be text"),
                // Conditions
                problem("!Equals [!Ref Mood, calm]", "calm", "Conditions.IsCalm: a condition is a function"),
                problem("!Equals [!Ref Mood, calm]", "!Ref Mood", "Conditions.IsCalm: a condition cannot be Fn::Ref"),
                problem("[!Ref Mood, calm]", "[!Ref Mood]", "Conditions.IsCalm: Fn::Equals takes a list of 2"),
                problem("!Equals [!Ref Mood, calm]", "!Not [Condition: IsWild]", "a condition refers to itself"),
                problem(
                        "[Condition: IsCalm]",
                        "[Condition: Nothing]",
                        "Conditions.IsWild: there is no condition Nothing"),
                // The API
                problem(
                        "ProtocolType: WEBSOCKET",
                        "ProtocolType: HTTP",
                        "Resources: there is no AWS::ApiGatewayV2::Api with ProtocolType WEBSOCKET"),
                problem("ProtocolType: WEBSOCKET", "Name: none", "Api: the property ProtocolType is missing"),
                problem(
                        "$request.body.action",
                        "$request.header.action",
                        "Api.RouteSelectionExpression: \\$request.header.action is not of the form \\$request.body.field"),
                problem(
                        "  Table:\n",
                        "  Again: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: again}}\n  Table:\n",
                        "Again: there is more than one AWS::ApiGatewayV2::Stage"),
                problem("{tone: low}", "{tone: [low]}", "Stage.StageVariables.tone: must be text"),
                problem("{tone: low}", "low", "Stage.StageVariables: must be a map"),
                // Routes and integrations
                problem(
                        "      Target: !Sub \"integrations/${Integration}\"\n",
                        "",
                        "Route.Target: the route ask has no integration"),
                problem(
                        "Target: !Sub \"integrations/${Integration}\"",
                        "Target: !Ref Integration",
                        "Route.Target: Integration is not integrations/<integration>"),
                problem(
                        "integrations/${Integration}",
                        "integrations/${Table}",
                        "Route.Target: there is no integration things"),
                problem(
                        "AuthorizationType: NONE",
                        "AuthorizationType: CUSTOM",
                        "Route.AuthorizationType: CUSTOM is not supported here: NONE and AWS_IAM are"),
                problem("RouteKey: $default,", "RouteKey: ask,", "MockRoute.RouteKey: another route has the key ask"),
                problem(
                        "IntegrationType: AWS_PROXY",
                        "IntegrationType: HTTP",
                        "Integration.IntegrationType: HTTP is not supported here: AWS_PROXY and MOCK are"),
                problem(
                        "TimeoutInMillis: 5000",
                        "TimeoutInMillis: 30000",
                        "Integration.TimeoutInMillis: 30000 is not a whole number from 50 to 29000"),
                problem(
                        "TimeoutInMillis: 5000",
                        "TimeoutInMillis: soon",
                        "Integration.TimeoutInMillis: soon is not a whole number from 50 to 29000"),
                problem("${Function.Alias}", "${Table}", "Integration.IntegrationUri: .* is not the ARN of a function"),
                problem(
                        "${Function.Alias}",
                        "arn:aws:lambda:x:y:function:none",
                        "Integration.IntegrationUri: there is no function none"),
                problem(
                        "{\"202\": '{\"statusCode\": 202}'}",
                        "{\"202\": '{}'}",
                        "Mock.RequestTemplates: a mock's request template contains \\{\"statusCode\":200}"),
                problem(
                        "$context.connectionId",
                        "$input.body",
                        "MockResponse.ResponseTemplates: \\$input is not supported here: \\$context is"),
                problem(
                        "Resources:\n  Api:",
                        "Resources:\n  Other: {Type: AWS::Serverless::WebSocketApi}\n  Api:",
                        "Other: AWS::Serverless::WebSocketApi is not supported here: .*"),
                // Functions
                problem(
                        "      Handler: some.Handler",
                        "      PackageType: Image\n      Handler: some.Handler",
                        "Function.PackageType: Image is not supported here: Zip is"),
                problem(
                        "Runtime: java25",
                        "Runtime: nodejs22.x",
                        "Function.Runtime: nodejs22.x is not supported here: Java is"),
                problem("      Handler: some.Handler\n", "", "Function: the property Handler is missing"),
                problem(
                        "MemorySize: !Ref Size",
                        "MemorySize: 64",
                        "Function.MemorySize: 64 is not a whole number from 128 to 10240"),
                problem("Timeout: 7", "Timeout: 901", "Function.Timeout: 901 is not a whole number from 1 to 900"));
    }

    private static Arguments value(String expression, String message) {
        return problem("VALUE: text", "VALUE: " + expression, "(Resources\\.)?Function.*: " + message);
    }

    private static Arguments problem(String text, String instead, String message) {
        return Arguments.of(text, instead, message);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("problems")
    void messageNamesPlaceAndProblemInOneLine(String text, String instead, String message) throws IOException {
        assertThat(TEMPLATE).contains(text);
        Path file = Files.writeString(folder.resolve("template.yaml"), TEMPLATE.replace(text, instead));
        assertThatThrownBy(() ->
                        DeployedApplication.read(file, Map.of(), "eu-west-1").api())
                .isInstanceOf(TemplateException.class)
                .message()
                .matches("\\Q" + file + "\\E(:\\d+)?: " + message);
    }

    @Test
    void messageNamesLine() throws IOException {
        long line =
                TEMPLATE.substring(0, TEMPLATE.indexOf("VALUE: text")).lines().count();
        Path file = Files.writeString(
                folder.resolve("template.yaml"), TEMPLATE.replace("VALUE: text", "VALUE: !Ref Nothing"));
        assertThatThrownBy(() ->
                        DeployedApplication.read(file, Map.of(), "eu-west-1").api())
                .hasMessageStartingWith(file + ":" + line + ": ");
    }

    @Test
    void unreadableTemplateIsReported() throws IOException {
        Path none = folder.resolve("none.yaml");
        assertThatThrownBy(() -> DeployedApplication.read(none, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessage(none + ": there is no such file");
        Path latin = Files.write(folder.resolve("latin.yaml"), "a: grüß".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> DeployedApplication.read(latin, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessage(latin + ": it cannot be read as UTF-8 text: Input length = 1");
        assertThatThrownBy(() -> DeployedApplication.read(folder, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith(folder + ": it cannot be read as UTF-8 text: ");
        Path whole = Files.writeString(folder.resolve("template.yaml"), TEMPLATE);
        assertThatThrownBy(() -> DeployedApplication.read(whole, Map.of("Color", "red"), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessageEndingWith("Parameters: there is no parameter Color");
    }

    private WebSocketApi read(String template) throws IOException {
        return DeployedApplication.read(
                        Files.writeString(folder.resolve("template.yaml"), template), Map.of(), "eu-west-1")
                .api();
    }

    private Map<String, String> environment(String template) throws IOException {
        return read(template).functions().iterator().next().environment();
    }
}
