package dev.chatlab.dynamodb;

import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EnvironmentVariables;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Opens the store {@code dynamodb} from these variables:
 *
 * <ul>
 *   <li>{@code TABLE_CR} and {@code TABLE_RMU}: the names of the two tables
 *   <li>{@code CHAT_RETENTION_DAYS}: the number of days for which messages are kept; 30 if it is not set
 *   <li>{@code AWS_REGION}, {@code AWS_ENDPOINT_URL_DYNAMODB} and AWS's variables for credentials
 * </ul>
 *
 * <p>The stores of one provider with the same region, endpoint and credentials share one client and its connections. So a store with
 * another retention needs no new connection.
 */
public final class DynamoDbProvider implements ChatStore.Provider {

    private static final String REGION = "AWS_REGION";
    private static final String ENDPOINT = "AWS_ENDPOINT_URL_DYNAMODB";
    private static final String ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID";
    private static final String SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY";
    private static final String SESSION_TOKEN = "AWS_SESSION_TOKEN";

    /** The variables that a client is built from. */
    private static final Set<String> CLIENT_VARIABLES =
            Set.of(REGION, ENDPOINT, ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN);

    /** The number of deliveries that run in parallel: each may find a gone connection and disconnect its session. */
    private static final int MAX_CONNECTIONS = 64;

    private final Map<Map<String, String>, DynamoDbClient> clients = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "dynamodb";
    }

    @Override
    public ChatStore open(Map<String, String> environment) {
        var variables = new EnvironmentVariables(environment);
        var tables = new Tables(variables.required("TABLE_CR"), variables.required("TABLE_RMU"));
        Duration retention = retention(environment);
        Map<String, String> clientVariables = new HashMap<>(environment);
        clientVariables.keySet().retainAll(CLIENT_VARIABLES);
        return new DynamoDbChatStore(
                clients.computeIfAbsent(clientVariables, DynamoDbProvider::client),
                tables,
                retention,
                InstantSource.system());
    }

    private static DynamoDbClient client(Map<String, String> environment) {
        var variables = new EnvironmentVariables(environment);
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(Region.of(variables.required(REGION)))
                // Set explicitly, so that the SDK does not look for them in a profile file.
                .endpointDiscoveryEnabled(false)
                .defaultsMode(DefaultsMode.LEGACY)
                .credentialsProvider(credentials(environment))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(MAX_CONNECTIONS)
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(2)))
                .overrideConfiguration(
                        override -> override.retryStrategy(RetryMode.STANDARD).apiCallTimeout(Duration.ofSeconds(6)));
        variables.url(ENDPOINT).forEach(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(Map<String, String> environment) {
        return Option.of(environment.get(ACCESS_KEY_ID))
                .<AwsCredentialsProvider>map(id -> StaticCredentialsProvider.create(credentials(id, environment)))
                .getOrElse(() -> DefaultCredentialsProvider.builder().build());
    }

    private static AwsCredentials credentials(String id, Map<String, String> environment) {
        String secret = environment.getOrDefault(SECRET_ACCESS_KEY, "");
        return Option.of(environment.get(SESSION_TOKEN))
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
