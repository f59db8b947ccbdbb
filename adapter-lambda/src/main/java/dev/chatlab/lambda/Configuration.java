package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EnvironmentVariables;
import io.vavr.control.Option;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * The settings of a function: values by the names of their variables.
 *
 * <p>Two are read with each event, from the function's environment or else from the stage variables of the event's API:
 *
 * <ul>
 *   <li>{@code ALLOWED_ORIGINS}: the origins of the pages that may connect, see {@link AllowedOrigins#parse}; if it is not set, no
 *       browser may connect
 *   <li>the store's own variables, such as {@code CHAT_RETENTION_DAYS}; those that a store cannot be opened without must be in the
 *       environment, since the store is opened when the function starts, too
 * </ul>
 *
 * <p>The others are read from the environment when the function starts:
 *
 * <ul>
 *   <li>{@code CHAT_STORE}: the kind of store; {@code dynamodb} if it is not set
 *   <li>{@code CHAT_METRICS_NAMESPACE}: the CloudWatch namespace of the metrics; {@code ChatLab} if it is not set
 *   <li>{@code CHAT_MANAGEMENT_ENDPOINT}: the {@code @connections} API that frames are posted to; that of the event's API if it is
 *       not set
 *   <li>{@code AWS_REGION} and AWS's variables for credentials
 * </ul>
 */
record Configuration(Map<String, String> environment) {

    private static final String MANAGEMENT_ENDPOINT = "CHAT_MANAGEMENT_ENDPOINT";

    /**
     * Checks at start-up the variables that are otherwise read with the first event.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    void check() {
        region();
        new EnvironmentVariables(environment).url(MANAGEMENT_ENDPOINT);
    }

    /**
     * The settings for one event. Stage variables add to the environment and never override it.
     *
     * <p>A published version of a function keeps its environment, and SAM publishes no new version when only a parameter's value
     * changes. A stage variable takes effect with the next event.
     */
    Configuration with(APIGatewayV2WebSocketEvent event) {
        @Nullable Map<String, String> stageVariables = event.getStageVariables();
        if (stageVariables == null) {
            return this;
        }
        Map<String, String> settings = new HashMap<>(stageVariables);
        settings.putAll(environment);
        return new Configuration(Map.copyOf(settings));
    }

    /** Whether Lambda takes a snapshot of this process after its start. */
    boolean snapStart() {
        return environment.getOrDefault("AWS_LAMBDA_INITIALIZATION_TYPE", "").equals("snap-start");
    }

    /**
     * The provider of the store that {@code CHAT_STORE} names.
     *
     * @throws IllegalArgumentException if the class path has no such provider
     */
    ChatStore.Provider storeProvider() {
        String kind = environment.getOrDefault("CHAT_STORE", "dynamodb");
        Map<String, ChatStore.Provider> kinds = ServiceLoader.load(ChatStore.Provider.class).stream()
                .map(ServiceLoader.Provider::get)
                .collect(Collectors.toMap(ChatStore.Provider::name, provider -> provider));
        return Option.of(kinds.get(kind))
                .getOrElseThrow(() -> new IllegalArgumentException(
                        "CHAT_STORE is " + kind + ": there are only " + String.join(", ", kinds.keySet())));
    }

    /** The CloudWatch namespace of the metrics. */
    String metricsNamespace() {
        return environment.getOrDefault("CHAT_METRICS_NAMESPACE", "ChatLab");
    }

    /**
     * The URL of the {@code @connections} API, without that path.
     *
     * <p>It contains the API's id and not the domain that the event names: with a custom domain, the event leaves out the API's base
     * path.
     */
    URI managementEndpoint(RequestContext context) {
        return new EnvironmentVariables(environment)
                .url(MANAGEMENT_ENDPOINT)
                .getOrElse(() -> URI.create("https://%s.execute-api.%s.%s/%s"
                        .formatted(
                                context.getApiId(),
                                region(),
                                region().metadata().partition().dnsSuffix(),
                                context.getStage())));
    }

    /** @throws IllegalArgumentException naming the entry that is not an origin */
    AllowedOrigins allowedOrigins() {
        return AllowedOrigins.parse(environment.getOrDefault("ALLOWED_ORIGINS", ""));
    }

    /** @throws IllegalArgumentException if the variable is not set */
    Region region() {
        return Region.of(new EnvironmentVariables(environment).required("AWS_REGION"));
    }

    /** The credentials in the environment, or else those that the SDK finds, such as SnapStart's from the container endpoint. */
    AwsCredentialsProvider credentials() {
        return Option.of(environment.get("AWS_ACCESS_KEY_ID"))
                .<AwsCredentialsProvider>map(id -> StaticCredentialsProvider.create(credentials(id)))
                .getOrElse(() -> DefaultCredentialsProvider.builder().build());
    }

    private AwsCredentials credentials(String id) {
        String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        return Option.of(environment.get("AWS_SESSION_TOKEN"))
                .<AwsCredentials>map(token -> AwsSessionCredentials.create(id, secret, token))
                .getOrElse(() -> AwsBasicCredentials.create(id, secret));
    }
}
