package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.application.ChatService;
import dev.chatlab.application.ServiceSettings;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.StoreException;
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

/** The composition root: the objects that all functions of one environment share, built once in a process. */
final class ChatApplication {

    /** How many posts to connections run at the same time. */
    static final int PARALLEL_POSTS = 64;

    /** Not ordered: API Gateway does not promise the order of posts, so waiting for earlier ones would only delay later ones. */
    private static final ServiceSettings SERVICE_SETTINGS = ServiceSettings.DEFAULT.withOrdered(false);

    /** Less than the 130 seconds that Lambda gives a function with SnapStart to initialise. */
    private static final Duration PRIMING_TIMEOUT = Duration.ofMinutes(1);

    private static final Map<Map<String, String>, ChatApplication> APPLICATIONS = new ConcurrentHashMap<>();

    private final Configuration configuration;
    private final ChatStore.Provider stores;
    private final ChatStore store;
    private final SdkHttpClient http;
    private final Map<Deployment, Chat> chats = new ConcurrentHashMap<>();

    private ChatApplication(Configuration configuration) {
        this.configuration = configuration;
        Logging.install(configuration.environment());
        configuration.check();
        this.stores = configuration.storeProvider();
        this.store = stores.open(configuration.environment());
        this.http = Apache5HttpClient.builder()
                // One for each post that runs in parallel: a smaller pool makes posts wait, a new connection costs a
                // TLS handshake.
                .maxConnections(PARALLEL_POSTS)
                .connectionTimeout(Duration.ofSeconds(2))
                .socketTimeout(Duration.ofSeconds(5))
                .build();
    }

    /**
     * The application of this environment.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    static ChatApplication of(Map<String, String> environment) {
        return APPLICATIONS.computeIfAbsent(
                Map.copyOf(environment), key -> new ChatApplication(new Configuration(key)));
    }

    /** The SnapStart hook of a function that may read these streams; none if Lambda takes no snapshot of this process. */
    Option<SnapStartPriming> priming(Set<StreamId> streams) {
        return Option.when(configuration.snapStart(), () -> new SnapStartPriming(store, streams, PRIMING_TIMEOUT));
    }

    /** The logging context and the metrics of one event. The caller closes it when the response is complete. */
    Invocation invocation(RequestContext context) {
        return new Invocation(context, configuration.metricsNamespace());
    }

    /**
     * The chat of the API that sent an event.
     *
     * <p>A deployment that changes only stage variables reaches running processes, too: the next event has other settings, so it gets
     * another chat.
     *
     * @throws StoreException naming the stage variable that the store cannot be opened with
     */
    Chat chat(APIGatewayV2WebSocketEvent event) {
        return chats.computeIfAbsent(
                new Deployment(configuration.with(event), configuration.managementEndpoint(event.getRequestContext())),
                this::chat);
    }

    private Chat chat(Deployment deployment) {
        var gateway = new ConnectionsGateway(
                ApiGatewayManagementApiClient.builder()
                        .endpointOverride(deployment.managementEndpoint())
                        .region(configuration.region())
                        .credentialsProvider(configuration.credentials())
                        .httpClient(http)
                        .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)
                                .apiCallTimeout(Duration.ofSeconds(8))
                                .apiCallAttemptTimeout(Duration.ofSeconds(5)))
                        .build(),
                PARALLEL_POSTS);
        return new Chat(
                new ChatService(
                        store(deployment.settings()),
                        gateway,
                        ChatPolicy.DEFAULT,
                        SERVICE_SETTINGS,
                        new LoggingObserver()),
                gateway);
    }

    private ChatStore store(Configuration settings) {
        try {
            return stores.open(settings.environment());
        } catch (IllegalArgumentException e) {
            throw new StoreException("cannot open the store: " + e.getMessage(), e);
        }
    }

    /** An API with its settings. */
    private record Deployment(Configuration settings, URI managementEndpoint) {}

    /** The service of one API, and the gateway to the API's connections. */
    record Chat(ChatService service, ConnectionsGateway gateway) {}
}
