package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EnvironmentVariables;
import io.vavr.control.Option;
import java.net.URI;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * What a function reads from its environment.
 *
 * <ul>
 *   <li>{@code CHAT_STORE}: the kind of store, {@code dynamodb} if left out; a store reads variables of its own
 *   <li>{@code CHAT_METRICS_NAMESPACE}: where CloudWatch keeps the metrics, {@code ChatLab} if left out
 *   <li>{@code CHAT_MANAGEMENT_ENDPOINT}: where connections are posted to, if not to the API that sent the event
 *   <li>{@code ALLOWED_ORIGINS}: the origins of the pages that may connect, separated by commas; {@code *} means any, and
 *       without it no browser is let in
 *   <li>{@code AWS_REGION} and AWS's variables for credentials
 * </ul>
 */
record Configuration(Map<String, String> environment) {

    private static final String MANAGEMENT_ENDPOINT = "CHAT_MANAGEMENT_ENDPOINT";

    /** @throws IllegalArgumentException naming what is missing or wrong of that which would be needed later only */
    void check() {
        region();
        new EnvironmentVariables(environment).url(MANAGEMENT_ENDPOINT);
    }

    /** Whether Lambda takes a snapshot of this process after its start. */
    boolean snapStart() {
        return environment.getOrDefault("AWS_LAMBDA_INITIALIZATION_TYPE", "").equals("snap-start");
    }

    ChatStore store() {
        String kind = environment.getOrDefault("CHAT_STORE", "dynamodb");
        Map<String, ChatStore.Provider> kinds = ServiceLoader.load(ChatStore.Provider.class).stream()
                .map(ServiceLoader.Provider::get)
                .collect(Collectors.toMap(ChatStore.Provider::name, provider -> provider));
        return Option.of(kinds.get(kind))
                .getOrElseThrow(() -> new IllegalArgumentException(
                        "CHAT_STORE is " + kind + ": there are " + String.join(", ", kinds.keySet())))
                .open(environment);
    }

    String metricsNamespace() {
        return environment.getOrDefault("CHAT_METRICS_NAMESPACE", "ChatLab");
    }

    /** With a custom domain the event does not tell the API's path; the API's own address always works. */
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

    AllowedOrigins allowedOrigins() {
        return AllowedOrigins.parse(environment.getOrDefault("ALLOWED_ORIGINS", ""));
    }

    Region region() {
        return Region.of(new EnvironmentVariables(environment).required("AWS_REGION"));
    }

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
