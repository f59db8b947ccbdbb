package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.ServiceSettings;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.ChatStore;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

/** The composition root: what all functions of one environment share, built once per process. */
final class ChatApplication {

    private static final Map<Map<String, String>, ChatApplication> APPLICATIONS = new ConcurrentHashMap<>();

    /** How many posts to connections run at the same time. */
    private static final int PARALLEL_POSTS = 64;

    /** Less than the 130 seconds that Lambda gives a function with SnapStart to initialise. */
    private static final Duration PRIMING_TIMEOUT = Duration.ofMinutes(1);

    private final Configuration configuration;
    private final ServiceSettings settings = ServiceSettings.DEFAULT.withOrdered(false);
    private final ChatStore store;
    private final SdkHttpClient http;
    private final Map<URI, Chat> chats = new ConcurrentHashMap<>();

    private ChatApplication(Configuration configuration) {
        this.configuration = configuration;
        Logging.install(configuration.environment());
        configuration.check();
        this.store = configuration.store();
        this.http = UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(2))
                .socketTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** The application of this environment; fails at start-up, not at the first request, on what is missing from it. */
    static ChatApplication of(Map<String, String> environment) {
        return APPLICATIONS.computeIfAbsent(
                Map.copyOf(environment), key -> new ChatApplication(new Configuration(key)));
    }

    /** The SnapStart hook of a function that may read these streams; none if Lambda takes no snapshot of this process. */
    Option<SnapStartPriming> priming(Set<StreamId> streams) {
        return Option.when(configuration.snapStart(), () -> new SnapStartPriming(store, streams, PRIMING_TIMEOUT));
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
        var gateway = new ConnectionsGateway(
                ApiGatewayManagementApiClient.builder()
                        .endpointOverride(endpoint)
                        .region(configuration.region())
                        .credentialsProvider(configuration.credentials())
                        .httpClient(http)
                        .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)
                                .apiCallTimeout(Duration.ofSeconds(8))
                                .apiCallAttemptTimeout(Duration.ofSeconds(5)))
                        .build(),
                PARALLEL_POSTS);
        return new Chat(new ChatService(store, gateway, ChatPolicy.DEFAULT, settings, new LoggingObserver()), gateway);
    }

    /** The service of one API, and the gateway to the API's connections. */
    record Chat(ChatService service, ConnectionsGateway gateway) {}
}
