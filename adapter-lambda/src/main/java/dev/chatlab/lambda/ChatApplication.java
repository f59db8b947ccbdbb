package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.ChatService;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.ServiceSettings;
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

/** The composition root: the objects that all functions of one environment share, built once per process. */
final class ChatApplication {

    private static final Map<Map<String, String>, ChatApplication> APPLICATIONS = new ConcurrentHashMap<>();

    /** Less than the two minutes that Lambda gives a function to be made for its snapshot. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Configuration configuration;
    private final ServiceSettings settings = ServiceSettings.DEFAULT;
    private final ChatStore.Provider stores;
    private final ChatStore store;
    private final SdkHttpClient http;
    private final Option<HeadStart> headStart;
    private final Map<Deployment, Chat> chats = new ConcurrentHashMap<>();

    private ChatApplication(Configuration configuration) {
        this.configuration = configuration;
        Logging.install(configuration.environment());
        this.headStart = Option.when(configuration.onLambda(), HeadStart::begin);
        configuration.check();
        this.stores = configuration.storeProvider();
        this.store = stores.open(configuration.environment());
        this.http = Apache5HttpClient.builder()
                // A connection for each delivery that runs in parallel: a new one costs a TLS handshake.
                .maxConnections(settings.parallelDeliveries())
                .connectionTimeout(Duration.ofSeconds(2))
                .socketTimeout(Duration.ofSeconds(5))
                .build();
    }

    /**
     * The application of this environment.
     *
     * @throws IllegalArgumentException at start-up, not at the first request, naming the variable that is missing or wrong
     */
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

    /** The logging context and the metrics of one event; the caller closes it when the event has been answered. */
    Invocation invocation(RequestContext context) {
        return new Invocation(context, configuration.metricsNamespace());
    }

    /**
     * The chat of the API that sent an event.
     *
     * <p>A deployment that changes nothing but stage variables reaches running processes, too: the next event gets a chat of its own.
     *
     * @throws StoreException naming the stage variable that the store cannot be opened with
     */
    Chat chat(APIGatewayV2WebSocketEvent event) {
        return chats.computeIfAbsent(
                new Deployment(configuration.with(event), configuration.managementEndpoint(event.getRequestContext())),
                this::chat);
    }

    private Chat chat(Deployment deployment) {
        var connections = new Connections(ApiGatewayManagementApiClient.builder()
                .endpointOverride(deployment.managementEndpoint())
                .region(configuration.region())
                .credentialsProvider(configuration.credentials())
                .httpClient(http)
                .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)
                        .apiCallTimeout(Duration.ofSeconds(8))
                        .apiCallAttemptTimeout(Duration.ofSeconds(5)))
                .build());
        return new Chat(
                new ChatService(
                        store(deployment.settings()), connections, ChatPolicy.DEFAULT, settings, new LoggingObserver()),
                connections);
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

    /** The service, and the gateway to the connections of its clients. */
    record Chat(ChatService service, Connections connections) {}
}
