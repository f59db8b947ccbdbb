package dev.chatlab.endtoend;

import dev.chatlab.local.GatewayConfig;
import dev.chatlab.local.LocalGateway;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;

/** The chat as {@code ./chat} runs it, on a port of its own. */
final class LocalChat implements AutoCloseable {

    static final Path WEB = Path.of("..", "web");
    static final Path TEMPLATE = Path.of("..", "deploy", "sam", "template.yaml");

    private final LocalGateway gateway;

    private LocalChat(int port) {
        gateway = LocalGateway.start(GatewayConfig.of(TEMPLATE)
                .withWeb(WEB)
                .withAddress("127.0.0.1", port)
                .withEnvironment("CHAT_STORE", "memory")
                .withEnvironment("CHAT_MEMORY", UUID.randomUUID().toString())
                .withEnvironment("CHAT_MANAGEMENT_ENDPOINT", "{endpoint}/{stage}")
                .withEnvironment("ALLOWED_ORIGINS", "{origins}")
                .withEnvironment("AWS_ACCESS_KEY_ID", "local")
                .withEnvironment("AWS_SECRET_ACCESS_KEY", "local"));
    }

    static LocalChat start() {
        return new LocalChat(0);
    }

    /** With nothing in its memory. */
    static LocalChat startOn(int port) {
        return new LocalChat(port);
    }

    int port() {
        return gateway.port();
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
