package dev.chatlab.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.chatlab.local.template.WebSocketApi.LambdaProxy;
import dev.chatlab.local.template.WebSocketApi.Mock;
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

/** What a template says, and what is said of one that says it wrong. */
class TemplateReaderTest {

    /** Everything that the reader knows, once; {@code Variables} is where a test puts what it wants resolved. */
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

    // NullAway wants it set; JUnit does so before each test.
    @SuppressWarnings("NullAway.Init")
    TemplateReaderTest() {}

    @Test
    void reads_the_api() throws IOException {
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
    void reads_json_too() throws IOException {
        Path json = folder.resolve("template.json");
        Files.writeString(json, """
                {"Resources": {
                  "Api": {"Type": "AWS::ApiGatewayV2::Api",
                          "Properties": {"ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.a"}},
                  "Stage": {"Type": "AWS::ApiGatewayV2::Stage",
                            "Properties": {"ApiId": {"Ref": "Api"}, "StageName": {"Fn::Sub": "${AWS::Region}"}}}}}
                """);
        assertThat(TemplateReader.read(json, Map.of(), "eu-west-1").stage()).isEqualTo("eu-west-1");
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
                // What is not there is not looked at, where the condition rules it out.
                Arguments.of("!If [IsWild, !Ref Wild, tame]", "tame"),
                Arguments.of("!Base64 hello", "aGVsbG8="),
                Arguments.of("{Fn::Base64: !Sub \"${Mood}\"}", "Y2FsbQ=="));
    }

    @ParameterizedTest
    @MethodSource("values")
    void resolves(String expression, String value) throws IOException {
        assertThat(environment(TEMPLATE.replace("VALUE: text", "VALUE: " + expression)))
                .containsEntry("VALUE", value);
    }

    @Test
    void leaves_out_what_has_no_value() throws IOException {
        assertThat(environment(TEMPLATE.replace("VALUE: text", "VALUE: !If [IsWild, wild, !Ref AWS::NoValue]")))
                .containsOnlyKeys("GLOBAL", "BOTH");
    }

    @Test
    void takes_the_values_of_parameters_that_it_is_given() throws IOException {
        String template = TEMPLATE.replace("VALUE: text", "VALUE: !If [IsWild, !GetAtt Wild.TopicName, !Ref Mood]");
        Path file = Files.writeString(folder.resolve("template.yaml"), template);
        var api = TemplateReader.read(file, Map.of("Mood", "wild", "Size", "256"), "eu-west-1");
        assertThat(api.functions()).first().satisfies(function -> {
            assertThat(function.memoryMegabytes()).isEqualTo(256);
            assertThat(function.environment()).containsEntry("VALUE", "Wild.TopicName");
        });
    }

    @Test
    void says_what_the_stack_would_say_of_itself() throws IOException {
        Path file = Files.writeString(folder.resolve("template.yaml"), TEMPLATE);

        assertThat(Deployed.outputs(file, Map.of(), "eu-west-1")).isEqualTo(Map.of("Url", "wss://Api/live"));
        assertThat(Deployed.outputs(file, Map.of("Mood", "wild"), "eu-west-1"))
                .containsOnly(Map.entry("Url", "wss://Api/live"), Map.entry("News", "Wild.TopicName"));

        Path broken = Files.writeString(file, TEMPLATE.replace("News: {Condition: IsWild, ", "News: {"));
        assertThatThrownBy(() -> Deployed.outputs(broken, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("Outputs.News: Wild is not there, since the condition IsWild does not hold");
    }

    @Test
    void says_what_has_to_be_there_before() throws IOException {
        Path file = Files.writeString(
                folder.resolve("template.yaml"),
                TEMPLATE.replace("Type: AWS::S3::Bucket", "Type: AWS::S3::Bucket\n    DependsOn: [Table, Queue]")
                        .replace("Type: AWS::SQS::Queue", "Type: AWS::SQS::Queue\n    DependsOn: Table"));

        assertThat(Deployed.read(file, Map.of(), "eu-west-1"))
                .filteredOn(resource -> !resource.dependsOn().isEmpty())
                .extracting(Deployed::logicalId, Deployed::dependsOn)
                .containsExactly(tuple("Bucket", List.of("Table", "Queue")), tuple("Queue", List.of("Table")));
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                // The text
                problem(TEMPLATE, "", "the template is empty"),
                problem(TEMPLATE, "[]", "a template is a map, not a list"),
                problem(TEMPLATE, "a: {b", "not YAML: .*"),
                problem(TEMPLATE, "a: &x [*x]", "an alias to what contains it"),
                problem(TEMPLATE, "? [a]\n: b", "not a key: only text can be one"),
                problem(TEMPLATE, "a: " + "[".repeat(300) + "]".repeat(300), "nested too deeply"),
                problem(TEMPLATE, "Description: none", "there are no Resources"),
                problem("VALUE: text", "BOTH: again", "the key BOTH is there twice"),
                problem("Mappings:", "Conditions: {}\nMappings:", "the key Conditions is there twice"),
                // Its parts
                problem(
                        "Bucket:\n    Type: AWS::S3::Bucket",
                        "Bucket: none",
                        "Resources.Bucket: a resource is a map, not text"),
                problem("    Type: AWS::S3::Bucket", "    Properties: {}", "Resources.Bucket: the Type is missing"),
                problem("    Type: AWS::S3::Bucket", "    Type: [a]", "Resources.Bucket.Type: not text but a list"),
                problem("Properties: {TableName: things}", "Properties: [a]", "Properties: a map, not a list"),
                problem(
                        "AutoPublishAlias: live",
                        "AutoPublishAlias: [live]",
                        "Resources.Function.AutoPublishAlias: not text but a list"),
                // Parameters
                problem("    Default: calm\n", "", "Parameters.Mood: it has no default: give it a value"),
                problem("Default: calm", "Default: Calm", "Parameters.Mood: \"Calm\" does not match \\[a-z]\\+"),
                problem("\"[a-z]+\"", "\"[a-z+\"", "Parameters.Mood: AllowedPattern is no pattern: .*"),
                problem(
                        "    AllowedPattern: \"[a-z]+\"",
                        "    AllowedValues: [wild]",
                        "Parameters.Mood: \"calm\" is not one of its AllowedValues"),
                problem(
                        "Type: Number",
                        "Type: AWS::SSM::Parameter::Value<String>",
                        "Parameters.Size: its default names an SSM parameter, which is not here: give it a value"),
                problem("Default: 512", "Default: [512]", "Parameters.Size.Default: not text but a list"),
                problem(
                        "  Mood:\n    Type: String\n    Default: calm\n    AllowedPattern: \"[a-z]+\"",
                        "  Mood: calm",
                        "Parameters.Mood: a parameter is a map, not text"),
                // References, also where nothing is ever resolved
                value("!Ref Nothing", "there is no resource or parameter Nothing"),
                value("!GetAtt Nothing.Arn", "there is no resource Nothing"),
                value("!GetAtt Table", "Fn::GetAtt takes Resource.Attribute, not Table"),
                value("!Sub \"${Nothing}\"", "there is no resource or parameter Nothing"),
                value("!Sub \"${Nothing.Arn}\"", "there is no resource Nothing"),
                value("!Sub [\"${Nothing}\", {Mine: x}]", "there is no resource or parameter Nothing"),
                value("!If [Nothing, a, b]", "there is no condition Nothing"),
                value("!Ref Wild", "Wild is not there, since the condition IsWild does not hold"),
                value("!GetAtt Wild.TopicName", "Wild is not there, since the condition IsWild does not hold"),
                problem(
                        "Condition: IsWild\n  Function",
                        "Condition: Nothing\n  Function",
                        "Resources.Wild: there is no condition Nothing"),
                problem(
                        "Type: AWS::S3::Bucket",
                        "Type: AWS::S3::Bucket\n    Properties: {BucketName: !Ref Nothing}",
                        "Resources.Bucket.Properties.BucketName: there is no resource or parameter Nothing"),
                problem(
                        "Type: AWS::S3::Bucket",
                        "Type: AWS::S3::Bucket\n    DependsOn: Nothing",
                        "Bucket.DependsOn: there is no resource Nothing"),
                problem(
                        "Type: AWS::S3::Bucket",
                        "Type: AWS::S3::Bucket\n    DependsOn: [Table, {a: b}]",
                        "Resources.Bucket.DependsOn: not text but a map"),
                // Functions
                value("!Sub [a, b]", "the second argument of Fn::Sub is a map of variables"),
                value("!Join [a]", "Fn::Join takes a list of 2"),
                value("!Split a", "Fn::Split takes a list of 2"),
                value("!If [IsCalm, a]", "Fn::If takes a list of 3"),
                value("!Select [3, !Ref Colors]", "Fn::Select has no item 3 in a list of 3"),
                value("!Select [-1, !Ref Colors]", "Fn::Select has no item -1 in a list of 3"),
                value("!FindInMap [ByRegion, us-east-1, Name]", "Mappings has no ByRegion.us-east-1.Name"),
                value("!ImportValue Other", "Fn::ImportValue has no value here: another stack exports Other"),
                value("!Equals [a, a]", "Equals belongs into a condition"),
                value("!Transform [a]", "the function Transform is not known here"),
                value("!Join [\"-\", !Ref AWS::NoValue]", "not a list but AWS::NoValue"),
                value("!Join [\"-\", {a: b}]", "not a list but a map"),
                value("!Sub {a: b}", "not text but a map"),
                value("!Base64 {Ref: AWS::NoValue}", "not text but AWS::NoValue"),
                value("[a]", "not text but a list"),
                value("!Ref Colors", "not text but a list"),
                // Conditions
                problem("!Equals [!Ref Mood, calm]", "calm", "Conditions.IsCalm: a condition is a function, not text"),
                problem("!Equals [!Ref Mood, calm]", "!Ref Mood", "Conditions.IsCalm: a condition cannot be Fn::Ref"),
                problem("[!Ref Mood, calm]", "[!Ref Mood]", "Conditions.IsCalm: Fn::Equals takes a list of 2"),
                problem(
                        "!Equals [!Ref Mood, calm]",
                        "!And [Condition: IsWild]",
                        "Conditions.IsCalm: Fn::And takes 2 to 10 conditions"),
                problem(
                        "!Equals [!Ref Mood, calm]",
                        "!Not [Condition: IsWild]",
                        "Conditions.Is.*: it refers to itself"),
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
                problem(
                        "StageName: live",
                        "StageName: $default",
                        "Stage.StageName: \"\\$default\" is not letters, digits, hyphens and underscores"),
                problem("{tone: low}", "{tone: [low]}", "Stage.StageVariables.tone: not text but a list"),
                problem("{tone: low}", "low", "Stage.StageVariables: not a map but text"),
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
                        "      RouteResponseSelectionExpression: $default",
                        "      RouteResponseSelectionExpression: $other",
                        "Route.RouteResponseSelectionExpression: \\$other is not \\$default, the only one there is"),
                problem(
                        "AuthorizationType: NONE",
                        "AuthorizationType: CUSTOM",
                        "Route.AuthorizationType: CUSTOM has no local counterpart"),
                problem("RouteKey: $default,", "RouteKey: ask,", "MockRoute.RouteKey: another route has the key ask"),
                problem(
                        "IntegrationType: AWS_PROXY",
                        "IntegrationType: HTTP",
                        "Integration.IntegrationType: HTTP has no local counterpart: AWS_PROXY and MOCK have"),
                problem(
                        "TimeoutInMillis: 5000",
                        "TimeoutInMillis: 30000",
                        "Integration.TimeoutInMillis: 30000 is not a whole number from 50 to 29000"),
                problem(
                        "TimeoutInMillis: 5000",
                        "TimeoutInMillis: soon",
                        "Integration.TimeoutInMillis: soon is not a whole number from 50 to 29000"),
                problem("${Function.Alias}", "${Table}", "Integration.IntegrationUri: .* names no function"),
                problem(
                        "${Function.Alias}",
                        "arn:aws:lambda:x:y:function:none",
                        "Integration.IntegrationUri: there is no function none"),
                problem(
                        "${Function.Alias}",
                        "${Function.Arn}:test",
                        "Integration.IntegrationUri: the function local-f has no alias test"),
                problem(
                        "{\"202\": '{\"statusCode\": 202}'}",
                        "{\"202\": '{}'}",
                        "Mock.RequestTemplates: a mock's request template says \\{\"statusCode\":200}"),
                problem(
                        "TemplateSelectionExpression: \\$default",
                        "TemplateSelectionExpression: $request.body.a",
                        "MockResponse.TemplateSelectionExpression: \\$request.body.a has no local counterpart: a literal has"),
                problem(
                        "$context.connectionId",
                        "$input.body",
                        "MockResponse.ResponseTemplates: \\$input has no local counterpart: \\$context has"),
                // Functions
                problem(
                        "Runtime: java25",
                        "Runtime: nodejs22.x",
                        "Function.Runtime: nodejs22.x does not run here: only Java does"),
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
    void tells_the_place_and_the_problem_in_one_line(String text, String instead, String message) throws IOException {
        assertThat(TEMPLATE).contains(text);
        Path file = Files.writeString(folder.resolve("template.yaml"), TEMPLATE.replace(text, instead));
        assertThatThrownBy(() -> TemplateReader.read(file, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .message()
                .matches("\\Q" + file + "\\E(:\\d+)?: " + message);
    }

    @Test
    void tells_the_line() throws IOException {
        long line =
                TEMPLATE.substring(0, TEMPLATE.indexOf("VALUE: text")).lines().count();
        Path file = Files.writeString(
                folder.resolve("template.yaml"), TEMPLATE.replace("VALUE: text", "VALUE: !Ref Nothing"));
        assertThatThrownBy(() -> TemplateReader.read(file, Map.of(), "eu-west-1"))
                .hasMessageStartingWith(file + ":" + line + ": ");
    }

    @Test
    void tells_what_is_not_a_template() throws IOException {
        Path none = folder.resolve("none.yaml");
        assertThatThrownBy(() -> TemplateReader.read(none, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessage(none + ": there is no such file");
        Path latin = Files.write(folder.resolve("latin.yaml"), "a: grüß".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> TemplateReader.read(latin, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessage(latin + ": not YAML: it is not UTF-8 text");
        assertThatThrownBy(() -> TemplateReader.read(folder, Map.of(), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith(folder + ": it cannot be read: ");
        Path whole = Files.writeString(folder.resolve("template.yaml"), TEMPLATE);
        assertThatThrownBy(() -> TemplateReader.read(whole, Map.of("Color", "red"), "eu-west-1"))
                .isInstanceOf(TemplateException.class)
                .hasMessageEndingWith("Parameters: there is no parameter Color to give a value to");
    }

    private WebSocketApi read(String template) throws IOException {
        return TemplateReader.read(Files.writeString(folder.resolve("template.yaml"), template), Map.of(), "eu-west-1");
    }

    private Map<String, String> environment(String template) throws IOException {
        return read(template).functions().iterator().next().environment();
    }
}
