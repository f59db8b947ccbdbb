package dev.chatlab.dynamodb;

import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EnvironmentVariables;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Opens the store {@code dynamodb}, from these variables:
 *
 * <ul>
 *   <li>{@code TABLE_CR} and {@code TABLE_RMU}: the two tables' names
 *   <li>{@code CHAT_RETENTION_DAYS}: how long messages are kept; 30 if left out
 *   <li>{@code AWS_REGION}, {@code AWS_ENDPOINT_URL_DYNAMODB} and AWS's variables for credentials
 * </ul>
 */
public final class DynamoDbProvider implements ChatStore.Provider {

    @Override
    public String name() {
        return "dynamodb";
    }

    @Override
    public ChatStore open(Map<String, String> environment) {
        var variables = new EnvironmentVariables(environment);
        var tables = new Tables(variables.required("TABLE_CR"), variables.required("TABLE_RMU"));
        return new DynamoDbChatStore(client(variables), tables, retention(environment), InstantSource.system());
    }

    /*
     * The HTTP client was chosen among the SDK's by `mvn -P http-clients -DskipTests verify -pl adapter-dynamodb -am`: each in
     * processes of its own, in turn, the engine beside them on two cores; medians of seven.
     *
     *                   first call    a call then    its jars
     *   url-connection     0.53 s         2.8 ms       34 KB
     *   crt                0.58 s         1.1 ms     19.4 MB
     *   apache5            0.61 s         1.2 ms      2.4 MB
     *   netty              0.71 s         1.5 ms      4.3 MB
     *
     * A function's first call is what its users wait for, so url-connection; the millisecond or two that others save after that is
     * less than a table's network takes. Crt alone is larger than all of the functions' package may be.
     */
    private static DynamoDbClient client(EnvironmentVariables variables) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(Region.of(variables.required("AWS_REGION")))
                // Said, it need not be looked up in the profile of whoever deploys.
                .endpointDiscoveryEnabled(false)
                .defaultsMode(DefaultsMode.LEGACY)
                .credentialsProvider(credentials(variables.environment()))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(2)))
                .overrideConfiguration(
                        override -> override.retryStrategy(RetryMode.STANDARD).apiCallTimeout(Duration.ofSeconds(6)));
        variables.url("AWS_ENDPOINT_URL_DYNAMODB").forEach(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(Map<String, String> environment) {
        return Option.of(environment.get("AWS_ACCESS_KEY_ID"))
                .<AwsCredentialsProvider>map(id -> StaticCredentialsProvider.create(credentials(id, environment)))
                .getOrElse(() -> DefaultCredentialsProvider.builder().build());
    }

    private static AwsCredentials credentials(String id, Map<String, String> environment) {
        String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        return Option.of(environment.get("AWS_SESSION_TOKEN"))
                .<AwsCredentials>map(token -> AwsSessionCredentials.create(id, secret, token))
                .getOrElse(() -> AwsBasicCredentials.create(id, secret));
    }

    private static Duration retention(Map<String, String> environment) {
        String days = environment.get("CHAT_RETENTION_DAYS");
        try {
            return days == null
                    ? Retention.DEFAULT.rooms()
                    : new Retention(Duration.ofDays(Integer.parseInt(days))).rooms();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("CHAT_RETENTION_DAYS is " + days + ": not a number of days from 1", e);
        }
    }
}
