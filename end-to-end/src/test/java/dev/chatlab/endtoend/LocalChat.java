package dev.chatlab.endtoend;

import dev.chatlab.dynamodb.DynamoDbProvider;
import dev.chatlab.inmemory.InMemoryProvider;
import dev.chatlab.ports.ChatStore;
import dev.samlocal.GatewayConfig;
import dev.samlocal.LocalGateway;
import dev.samlocal.dynamodb.DynamoDb;
import dev.samlocal.iam.Permissions;
import dev.samlocal.template.DeployedApplication;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The chat as {@code ./chat} runs it, on a port of its own. */
final class LocalChat implements AutoCloseable {

    static final Path WEB = Path.of("..", "web");
    static final Path TEMPLATE = Path.of("..", "deploy", "sam", "template.yaml");

    /** The page's {@code config.js} for signed connections. */
    private static final Path SIGNED_CONFIG = Path.of("..", "deploy", "config.js");

    private final Map<String, String> environment;
    private final LocalGateway gateway;

    /** The store of a chat, and the class path of its functions. */
    enum Store {
        MEMORY {
            @Override
            GatewayConfig keep(GatewayConfig chat) {
                return chat.withEnvironment("CHAT_STORE", "memory")
                        .withEnvironment("CHAT_MEMORY", UUID.randomUUID().toString());
            }
        },
        DYNAMODB {
            @Override
            GatewayConfig keep(GatewayConfig chat) {
                return chat.withDynamoDb(new DynamoDb.InProcess(Optional.empty()));
            }
        },
        /** DynamoDB, with the functions loaded from the deployed package. */
        PACKAGED {
            @Override
            GatewayConfig keep(GatewayConfig chat) {
                return DYNAMODB.keep(chat);
            }

            @Override
            ClassLoader functions() {
                return PackageLoader.open();
            }
        };

        abstract GatewayConfig keep(GatewayConfig chat);

        ClassLoader functions() {
            return LocalChat.class.getClassLoader();
        }
    }

    private LocalChat(GatewayConfig chat) {
        this(chat, Optional.of("{origins}"));
    }

    /** @param allowedOrigins overrides the stage variable of the template */
    private LocalChat(GatewayConfig chat, Optional<String> allowedOrigins) {
        environment = chat.environment();
        GatewayConfig local = chat.withEnvironment("CHAT_MANAGEMENT_ENDPOINT", "{endpoint}/{stage}");
        gateway = LocalGateway.start(allowedOrigins
                .map(origins -> local.withEnvironment("ALLOWED_ORIGINS", origins))
                .orElse(local));
    }

    static LocalChat start() {
        return start(Store.MEMORY);
    }

    static LocalChat start(Store store) {
        return startOn(0, store);
    }

    /** Starts with an empty store. */
    static LocalChat startOn(int port, Store store) {
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        thread.setContextClassLoader(store.functions());
        try {
            return new LocalChat(
                    store.keep(GatewayConfig.of(TEMPLATE).withWeb(WEB).withPort(port)));
        } finally {
            thread.setContextClassLoader(own);
        }
    }

    /** Starts in memory and accepts pages of any origin. */
    static LocalChat startForAnyPage() {
        return new LocalChat(Store.MEMORY.keep(GatewayConfig.of(TEMPLATE).withWeb(WEB)), Optional.of("*"));
    }

    /** Starts in memory with one parameter set. The template decides about origins. */
    static LocalChat startWithParameter(String name, String value) {
        return new LocalChat(
                Store.MEMORY.keep(GatewayConfig.of(TEMPLATE).withParameter(name, value)), Optional.empty());
    }

    /** Starts in memory with signed connections, as {@code --auth iam} does. */
    static LocalChat startSigned() {
        return new LocalChat(Store.MEMORY.keep(GatewayConfig.of(TEMPLATE)
                .withWeb(WEB)
                .withParameter("AuthMode", "IAM")
                .withReplacement("config.js", SIGNED_CONFIG)));
    }

    /** Starts on DynamoDB tables of its own with these permissions. */
    static LocalChat startOnTables(Permissions permissions) {
        return new LocalChat(Store.DYNAMODB.keep(GatewayConfig.of(TEMPLATE)).withPermissions(permissions));
    }

    int port() {
        return gateway.port();
    }

    /** The store in memory. */
    ChatStore memory() {
        return new InMemoryProvider().open(environment);
    }

    /** The store on the chat's tables, with all permissions. */
    ChatStore tables() {
        Map<String, String> environment = new HashMap<>(DeployedApplication.read(TEMPLATE, Map.of(), "us-east-1")
                .api()
                .functions()
                .iterator()
                .next()
                .environment());
        environment.put("AWS_REGION", "us-east-1");
        environment.put(
                "AWS_ENDPOINT_URL_DYNAMODB", gateway.dynamoDb().orElseThrow().toString());
        environment.put("AWS_ACCESS_KEY_ID", "key");
        environment.put("AWS_SECRET_ACCESS_KEY", "key");
        return new DynamoDbProvider().open(environment);
    }

    URI page() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    URI socket() {
        return URI.create("ws://127.0.0.1:" + port() + "/dev");
    }

    Client client() {
        return Client.at(socket());
    }

    Client registered(String name) {
        Client client = client();
        client.send("action", "register", "value", name);
        client.await("signup");
        return client;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
