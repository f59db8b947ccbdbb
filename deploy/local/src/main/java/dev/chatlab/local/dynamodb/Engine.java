package dev.chatlab.local.dynamodb;

import dev.chatlab.local.iam.AccessControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** DynamoDB Local: the engine itself, in this process, on a loopback port. */
public final class Engine implements AutoCloseable {
    private final Server server;
    private final ServerConnector connector;
    private final LocalDynamoDBRequestHandler requests;
    private final @Nullable FileChannel lock;

    private Engine(
            Server server,
            ServerConnector connector,
            LocalDynamoDBRequestHandler requests,
            @Nullable FileChannel lock) {
        this.server = server;
        this.connector = connector;
        this.requests = requests;
        this.lock = lock;
    }

    /**
     * Starts it on any free port.
     *
     * @param data the folder to keep the items in; without one they are in memory
     * @throws DynamoDbException when it does not start, or the folder is of no use
     */
    public static Engine start(Optional<Path> data, AccessControl access) {
        @Nullable FileChannel lock = data.map(Engine::claim).orElse(null);
        var threads = new QueuedThreadPool(64, 2);
        threads.setName("dynamodb");
        threads.setDaemon(true);
        threads.setStopTimeout(0);
        var server = new Server(threads);
        server.setStopTimeout(0);
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        try {
            // One database whatever the caller's key and region; no pretence that a table takes time to be made.
            var requests = new LocalDynamoDBRequestHandler(
                    0, data.isEmpty(), data.map(Path::toString).orElse(null), true, false);
            data.ifPresent(folder -> open(folder, requests));
            server.setHandler(new AccessCheck(new LocalDynamoDBServerHandler(requests, null), access));
            server.start();
            return new Engine(server, connector, requests, lock);
        } catch (DynamoDbException e) {
            release(lock);
            throw e;
        } catch (Exception e) {
            release(lock);
            throw new DynamoDbException("DynamoDB Local does not start: " + e, e);
        }
    }

    /** The engine opens its file when it is first asked for something: better now than when the chat is under way. */
    private static void open(Path folder, LocalDynamoDBRequestHandler requests) {
        try {
            requests.listTables("local", "local", ListTablesRequest.builder().build());
        } catch (RuntimeException e) {
            throw new DynamoDbException(
                    "cannot keep data in " + folder + ": what is there is of no use: " + e.getMessage(), e);
        }
    }

    private static void release(@Nullable FileChannel lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever has the lock has the folder: two engines would each keep a part of the truth. */
    private static FileChannel claim(Path folder) {
        try {
            Files.createDirectories(folder);
            var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new DynamoDbException("cannot keep data in " + folder + ": another process does");
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw new DynamoDbException("cannot keep data in " + folder + ": this process does already", e);
        } catch (FileAlreadyExistsException e) {
            throw new DynamoDbException("cannot keep data in " + folder + ": it is no folder", e);
        } catch (IOException e) {
            throw new DynamoDbException("cannot keep data in " + folder + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException ignored -> "not permitted";
            case NoSuchFileException ignored -> "no folder can be made there";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** {@code http://127.0.0.1:port}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
            requests.shutdown();
            release(lock);
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not stop", e);
        }
    }
}
