package dev.chatlab.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent.Connected;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stores of one provider share clients. A server of this test counts the connections and accepts every request. */
class DynamoDbProviderTest {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final ConnectionId ANN = new ConnectionId("ann");
    private static final Pattern EXPIRES = Pattern.compile("\"expires\":\\{\"N\":\"(\\d+)\"}");
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("Credential=(\\w+)/");

    private final ChatStore.Provider provider = new DynamoDbProvider();
    private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> accessKeyIds = new CopyOnWriteArrayList<>();
    private final HttpServer server = server();

    @BeforeEach
    void start() {
        server.createContext("/", this::accept);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void storesWithDifferentRetentionShareConnections() {
        connect(provider.open(environment(Map.of())));
        connect(provider.open(environment(Map.of("CHAT_RETENTION_DAYS", "90"))));
        connect(provider.open(environment(Map.of("CHAT_RETENTION_DAYS", "7", "ALLOWED_ORIGINS", "none"))));

        assertThat(connections).hasSize(1);
    }

    @Test
    void eachStoreHasItsOwnRetention() {
        connect(provider.open(environment(Map.of("CHAT_RETENTION_DAYS", "90"))));
        connect(provider.open(environment(Map.of("CHAT_RETENTION_DAYS", "7"))));

        assertThat(requests)
                .extracting(DynamoDbProviderTest::expires)
                .containsExactly(expires(Duration.ofDays(90)), expires(Duration.ofDays(7)));
    }

    @Test
    void storesWithDifferentCredentialsHaveDifferentClients() {
        connect(provider.open(environment(Map.of())));
        connect(provider.open(environment(Map.of("AWS_ACCESS_KEY_ID", "other"))));

        assertThat(accessKeyIds).containsExactly("local", "other");
    }

    private static void connect(ChatStore store) {
        var event = new Connected(ANN, Option.none(), NOW);
        store.append(new Append(Append.Id.random(), HashMap.of(StreamId.of(ANN), 0L), Chat.EMPTY, Vector.of(event)));
    }

    private static Instant expires(String request) {
        var found = EXPIRES.matcher(request);
        assertThat(found.find()).as(request).isTrue();
        return Instant.ofEpochSecond(Long.parseLong(found.group(1)));
    }

    private static Instant expires(Duration retention) {
        return new Retention(retention).expiry(StreamId.of(ANN), NOW);
    }

    private void accept(HttpExchange exchange) throws IOException {
        connections.add(exchange.getRemoteAddress());
        requests.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        var signature = ACCESS_KEY_ID.matcher(exchange.getRequestHeaders().getFirst("Authorization"));
        assertThat(signature.find()).isTrue();
        accessKeyIds.add(signature.group(1));
        byte[] body = "{}".getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "TABLE_CR", "clients",
                "TABLE_RMU", "rooms",
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local",
                "AWS_ENDPOINT_URL_DYNAMODB",
                        "http://127.0.0.1:" + server.getAddress().getPort()));
        environment.putAll(more);
        return environment;
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
