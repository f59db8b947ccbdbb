package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.inmemory.InMemoryProvider;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Each setting with its variable, without it, and with a wrong value. */
class ConfigurationTest {

    @Test
    void storeProviderIsFoundByItsName() {
        assertThat(configuration("CHAT_STORE", "memory").storeProvider()).isInstanceOf(InMemoryProvider.class);
    }

    @Test
    void unknownStoreIsReportedWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration("CHAT_STORE", "paper").storeProvider())
                .withMessageStartingWith("CHAT_STORE is paper: there are only ")
                .withMessageContainingAll("memory", "failing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration().storeProvider())
                .withMessageStartingWith("CHAT_STORE is dynamodb: there are only ");
    }

    @Test
    void regionIsRequired() {
        assertThat(configuration("AWS_REGION", "eu-central-1").region()).isEqualTo(Region.EU_CENTRAL_1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configuration().region())
                .withMessage("AWS_REGION is not set");
    }

    @Test
    void managementEndpointThatIsNotAUrlFailsTheCheck() {
        for (String value : List.of("localhost", "a b")) {
            var configuration = configuration("AWS_REGION", "eu-central-1", "CHAT_MANAGEMENT_ENDPOINT", value);

            assertThatIllegalArgumentException()
                    .isThrownBy(configuration::check)
                    .withMessageContainingAll("CHAT_MANAGEMENT_ENDPOINT", value);
        }
    }

    @Test
    void onlyInitializationTypeSnapStartTakesASnapshot() {
        assertThat(configuration("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start").snapStart())
                .isTrue();
        assertThat(configuration("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand").snapStart())
                .isFalse();
        assertThat(configuration("AWS_REGION", "eu-central-1").snapStart()).isFalse();
    }

    @Test
    void managementEndpointIsThatOfTheEventsApi() {
        assertThat(configuration("AWS_REGION", "eu-central-1").managementEndpoint(context()))
                .isEqualTo(URI.create("https://abc123.execute-api.eu-central-1.amazonaws.com/prod"));
    }

    @Test
    void managementEndpointHasTheDomainOfThePartition() {
        assertThat(configuration("AWS_REGION", "cn-north-1").managementEndpoint(context()))
                .isEqualTo(URI.create("https://abc123.execute-api.cn-north-1.amazonaws.com.cn/prod"));
    }

    @Test
    void managementEndpointInTheEnvironmentTakesPrecedence() {
        assertThat(configuration("CHAT_MANAGEMENT_ENDPOINT", "http://localhost:8080/dev")
                        .managementEndpoint(context()))
                .isEqualTo(URI.create("http://localhost:8080/dev"));
    }

    @Test
    void credentialsInTheEnvironmentAreUsed() {
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
    void withoutCredentialsInTheEnvironmentTheSdkFindsThem() {
        assertThat(configuration().credentials()).isInstanceOf(DefaultCredentialsProvider.class);
    }

    @Test
    void metricsNamespaceHasADefault() {
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
