package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.inmemory.InMemoryProvider;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** What the environment says, and what it must say. */
class ConfigurationTest {

    @Test
    void theStoreIsFoundByItsName() {
        assertThat(configuration("CHAT_STORE", "memory").storeProvider()).isInstanceOf(InMemoryProvider.class);
    }

    @Test
    void aStoreThatIsNotThereIsNamedWithThoseThatAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration("CHAT_STORE", "paper").storeProvider())
                .withMessageStartingWith("CHAT_STORE is paper: there are ")
                .withMessageContainingAll("memory", "breaking");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration().storeProvider())
                .withMessageStartingWith("CHAT_STORE is dynamodb: there are ");
    }

    @Test
    void theRegionMustBeThere() {
        assertThat(configuration("AWS_REGION", "eu-central-1").region()).isEqualTo(Region.EU_CENTRAL_1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration().region())
                .withMessage("AWS_REGION is not set");
    }

    @Test
    void whatIsNeededLaterIsCheckedAtTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration("AWS_REGION", "eu-central-1", "CHAT_MANAGEMENT_ENDPOINT", "localhost")
                        .check())
                .withMessage("CHAT_MANAGEMENT_ENDPOINT is no URL: localhost");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration("AWS_REGION", "eu-central-1", "CHAT_MANAGEMENT_ENDPOINT", "a b")
                        .check())
                .withMessage("CHAT_MANAGEMENT_ENDPOINT is no URL: a b");
    }

    @Test
    void aSnapshotIsTakenWithSnapStartOnly() {
        assertThat(configuration("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start").snapStart())
                .isTrue();
        assertThat(configuration("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand").snapStart())
                .isFalse();
        assertThat(configuration("AWS_REGION", "eu-central-1").snapStart()).isFalse();
    }

    @Test
    void connectionsAreAtTheApiThatSentTheEvent() {
        assertThat(configuration("AWS_REGION", "eu-central-1").managementEndpoint(context()))
                .isEqualTo(URI.create("https://abc123.execute-api.eu-central-1.amazonaws.com/prod"));
    }

    @Test
    void aPartitionHasItsOwnDomain() {
        assertThat(configuration("AWS_REGION", "cn-north-1").managementEndpoint(context()))
                .isEqualTo(URI.create("https://abc123.execute-api.cn-north-1.amazonaws.com.cn/prod"));
    }

    @Test
    void orElsewhereIfItIsSaid() {
        assertThat(configuration("CHAT_MANAGEMENT_ENDPOINT", "http://localhost:8080/dev")
                        .managementEndpoint(context()))
                .isEqualTo(URI.create("http://localhost:8080/dev"));
    }

    @Test
    void credentialsAreTheEnvironmentsIfItHasAny() {
        assertThat(configuration("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "secret")
                        .credentials()
                        .resolveCredentials())
                .isEqualTo(AwsBasicCredentials.create("id", "secret"));
        assertThat(configuration(
                                "AWS_ACCESS_KEY_ID",
                                "id",
                                "AWS_SECRET_ACCESS_KEY",
                                "secret",
                                "AWS_SESSION_TOKEN",
                                "token")
                        .credentials()
                        .resolveCredentials())
                .isEqualTo(AwsSessionCredentials.create("id", "secret", "token"));
    }

    @Test
    void otherwiseWhatTheSdkFinds() {
        assertThat(configuration().credentials()).isInstanceOf(DefaultCredentialsProvider.class);
    }

    @Test
    void metricsHaveANamespace() {
        assertThat(configuration().metricsNamespace()).isEqualTo("ChatLab");
        assertThat(configuration("CHAT_METRICS_NAMESPACE", "Chat/Test").metricsNamespace())
                .isEqualTo("Chat/Test");
    }

    @Test
    void stageVariablesAddToTheEnvironmentAndDoNotOverrideIt() {
        var settings = configuration("CHAT_METRICS_NAMESPACE", "Chat/Test", "AWS_REGION", "eu-central-1")
                .with(event(Map.of("AWS_REGION", "eu-west-1", "ALLOWED_ORIGINS", "https://chat.example")));

        assertThat(settings.environment())
                .isEqualTo(Map.of(
                        "CHAT_METRICS_NAMESPACE",
                        "Chat/Test",
                        "AWS_REGION",
                        "eu-central-1",
                        "ALLOWED_ORIGINS",
                        "https://chat.example"));
        assertThat(settings.allowedOrigins()).isEqualTo(AllowedOrigins.parse("https://chat.example"));
    }

    @Test
    void withoutStageVariablesTheEnvironmentDecides() {
        assertThat(configuration("ALLOWED_ORIGINS", "*")
                        .with(new APIGatewayV2WebSocketEvent())
                        .allowedOrigins())
                .isEqualTo(AllowedOrigins.parse("*"));
        assertThat(configuration().with(new APIGatewayV2WebSocketEvent()).allowedOrigins())
                .isEqualTo(AllowedOrigins.parse(""));
    }

    private static APIGatewayV2WebSocketEvent event(Map<String, String> stageVariables) {
        var event = new APIGatewayV2WebSocketEvent();
        event.setStageVariables(stageVariables);
        return event;
    }

    private static Configuration configuration(String... variables) {
        var environment = new java.util.HashMap<String, String>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Configuration(Map.copyOf(environment));
    }

    private static RequestContext context() {
        var context = new RequestContext();
        context.setApiId("abc123");
        context.setStage("prod");
        return context;
    }
}
