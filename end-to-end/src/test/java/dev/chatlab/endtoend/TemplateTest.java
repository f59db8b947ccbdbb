package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samlocal.template.DeployedApplication;
import dev.samlocal.template.TemplateException;
import dev.samlocal.template.WebSocketApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Map;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The template, as far as it can be checked without an AWS account. */
class TemplateTest {

    private static final Map<String, String> DEPLOYED = Map.of(
            "${Api}", "abc123",
            "${AWS::Region}", "eu-west-1",
            "${AWS::URLSuffix}", "amazonaws.com",
            "${StageName}", "dev",
            "${IdentityPool}", "eu-west-1:pool",
            "${Guests}", "");

    /** Other values than the defaults. */
    @ParameterizedTest
    @CsvSource({
        "Hosting, disabled",
        "AllowedOrigins, *",
        "AllowedOrigins, 'https://chat.example,http://localhost:8080'",
        "MessageRetentionDays, 1",
        "TableProtection, enabled",
        "Backups, disabled",
        "TableKey, aws-managed",
        "Monitoring, disabled",
        "AlarmEmail, operator@chat.example",
        "Tracing, Active",
        "DetailedMetrics, true",
        "AuthMode, IAM",
        "AccessLogs, enabled",
        "AccessLogs, enabled-with-account-role",
        "RateLimit, 1",
        "StageName, prod"
    })
    void bootsWithEveryOption(String parameter, String value) {
        assertThat(api(Map.of(parameter, value)).routes())
                .containsOnlyKeys(
                        "$connect",
                        "$disconnect",
                        "$default",
                        "register",
                        "new-room",
                        "join-room",
                        "dispatch",
                        "leave-room");
    }

    @ParameterizedTest
    @CsvSource({
        "AllowedOrigins, https://chat.example/",
        "AllowedOrigins, 'https://chat.example, https://other.example'",
        "AllowedOrigins, chat.example",
        "RateLimit, 0",
        "RateLimit, many",
        "BurstLimit, 5001",
        "MessageRetentionDays, 0",
        "AlarmEmail, operator",
        "AccessLogRetentionDays, 2",
        "Hosting, perhaps"
    })
    void rejectsParameterValuesThatCannotBeDeployed(String parameter, String value) {
        assertThatThrownBy(() -> api(Map.of(parameter, value)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("Parameters." + parameter);
    }

    @Test
    void everyParameterHasADescriptionAndConstraints() throws IOException {
        String template = Files.readString(LocalChat.TEMPLATE);
        String groups = template.substring(template.indexOf("ParameterGroups:"), template.indexOf("ParameterLabels:"));
        var parameters = Pattern.compile("^  (\\w+):\n((?:    .*\n)+)", Pattern.MULTILINE)
                .matcher(template.substring(template.indexOf("\nParameters:"), template.indexOf("\nConditions:")))
                .results()
                .toList();

        assertThat(parameters).hasSize(18).allSatisfy(parameter -> {
            assertThat(parameter.group(2))
                    .containsPattern("    Description: \\S")
                    .containsPattern("    (AllowedValues|AllowedPattern|MinValue): \\S");
            assertThat(groups).containsPattern("[\\[ ]" + parameter.group(1) + "[,\\]]");
        });
    }

    @Test
    void hostedPageHasTheContentSecurityPolicyOfTheLocalRun() throws IOException, InterruptedException {
        String deployed = deployed(Pattern.compile("ContentSecurityPolicy: !Sub\n +- \"(.*)\""));

        String local;
        try (var chat = LocalChat.start()) {
            local = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(chat.page()).build(), HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Content-Security-Policy")
                    .orElseThrow()
                    .replaceAll("ws://\\S+ wss://[^;]+", "wss://abc123.execute-api.eu-west-1.amazonaws.com");
        }

        assertThat(deployed).isEqualTo(local);
    }

    @Test
    void edgeFunctionReturnsConfigWithTheSocketUrl() throws IOException {
        try (var js = engine()) {
            var response = edge(js, "null");
            var config = module(js, response.getMember("body").getMember("data").asString());

            assertThat(response.getMember("statusCode").asInt()).isEqualTo(200);
            assertThat(response.getMember("headers")
                            .getMember("content-type")
                            .getMember("value")
                            .asString())
                    .isEqualTo("text/javascript; charset=utf-8");
            assertThat(URI.create(config.getMember("socketUrl").asString()))
                    .isEqualTo(URI.create("wss://abc123.execute-api.eu-west-1.amazonaws.com/dev"));
            assertThat(config.getMember("auth").isNull()).isTrue();
        }
    }

    @Test
    void configOfASignedDeploymentNamesTheIdentityPool() throws IOException {
        String pool = deployed(Pattern.compile("- !Sub \"(\\{ region: .*)\""));
        try (var js = engine()) {
            var auth = module(
                            js,
                            edge(js, pool).getMember("body").getMember("data").asString())
                    .getMember("auth");

            assertThat(auth.getMember("region").asString()).isEqualTo("eu-west-1");
            assertThat(auth.getMember("identityPoolId").asString()).isEqualTo("eu-west-1:pool");
        }
    }

    /** Runs the edge function and returns its response. */
    private static Value edge(Context js, String auth) throws IOException {
        String code = deployed(Pattern.compile("FunctionCode: !Sub\n +- \\|\n((?: {10}.*\n)+)"))
                .replace("${Auth}", auth);
        return js.eval("js", "(" + code + ")").execute();
    }

    private static Context engine() {
        return Context.newBuilder("js")
                .option("engine.WarnInterpreterOnly", "false")
                .option("js.esm-eval-returns-exports", "true")
                .build();
    }

    private static Value module(Context js, String text) throws IOException {
        return js.eval(Source.newBuilder("js", text, "config.js")
                .mimeType("application/javascript+module")
                .build());
    }

    private static WebSocketApi api(Map<String, String> parameters) {
        return DeployedApplication.read(LocalChat.TEMPLATE, parameters, "eu-west-1")
                .api();
    }

    /** A text of the template with CloudFormation's substitutions made. */
    private static String deployed(Pattern piece) throws IOException {
        var found = piece.matcher(Files.readString(LocalChat.TEMPLATE));
        assertThat(found.find()).isTrue();
        String text = found.group(1);
        for (var variable : DEPLOYED.entrySet()) {
            text = text.replace(variable.getKey(), variable.getValue());
        }
        return text;
    }
}
