package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.ChatService;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.ServiceSettings;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

/** The composition root: what all functions of one environment share, built once per process. */
final class ChatApplication {

    private static final Map<Map<String, String>, ChatApplication> APPLICATIONS = new ConcurrentHashMap<>();

    /** Less than the two minutes that Lambda gives a function to be made for its snapshot. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Configuration configuration;
    private final ServiceSettings settings = ServiceSettings.DEFAULT;
    private final ChatStore store;
    private final SdkHttpClient http;
    private final Option<HeadStart> headStart;
    private final Map<URI, Chat> chats = new ConcurrentHashMap<>();

    private ChatApplication(Configuration configuration) {
        this.configuration = configuration;
        Logging.install(configuration.environment());
        this.headStart = Option.when(configuration.onLambda(), HeadStart::begin);
        configuration.check();
        this.store = configuration.store();
        this.http = Apache5HttpClient.builder()
                // A connection for each delivery that runs in parallel: a new one costs a TLS handshake.
                .maxConnections(settings.parallelDeliveries())
                .connectionTimeout(Duration.ofSeconds(2))
                .socketTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** The application of this environment; fails at start-up, not at the first request, on what is missing from it. */
    static ChatApplication of(Map<String, String> environment) {
        return APPLICATIONS.computeIfAbsent(
                Map.copyOf(environment), key -> new ChatApplication(new Configuration(key)));
    }

    /**
     * What is to be done before a snapshot of this process, for a function that may read these streams; nothing where none is taken.
     * Whoever registers it has to hold it, since contexts do not.
     */
    Option<Priming> priming(Set<StreamId> streams) {
        return headStart
                .filter(start -> configuration.snapStart())
                .map(start -> new Priming(start, store, streams, PATIENCE));
    }

    /** To be closed when the event has been answered. */
    Invocation invocation(RequestContext context) {
        return new Invocation(context, configuration.metricsNamespace());
    }

    /** The chat as the API sees it that an event came from. */
    Chat chat(RequestContext context) {
        return chats.computeIfAbsent(configuration.managementEndpoint(context), this::chat);
    }

    private Chat chat(URI endpoint) {
        var connections = new Connections(ApiGatewayManagementApiClient.builder()
                .endpointOverride(endpoint)
                .region(configuration.region())
                .credentialsProvider(configuration.credentials())
                .httpClient(http)
                .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)
                        .apiCallTimeout(Duration.ofSeconds(8))
                        .apiCallAttemptTimeout(Duration.ofSeconds(5)))
                .build());
        return new Chat(
                new ChatService(store, connections, ChatPolicy.DEFAULT, settings, new LoggingObserver()), connections);
    }

    /** The service, and the connections its people are at. */
    record Chat(ChatService service, Connections connections) {}
}
