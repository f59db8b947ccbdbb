package dev.chatlab.coldstart;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An {@code @connections} API where everybody is there, and takes what is posted. */
final class Connections implements AutoCloseable {

    private final HttpServer server;
    private final AtomicInteger posts = new AtomicInteger();

    Connections() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            posts.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/dev";
    }

    /** How many posts there were since this was last asked. */
    int posts() {
        return posts.getAndSet(0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
