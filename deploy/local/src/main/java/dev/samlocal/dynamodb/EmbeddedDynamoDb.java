package dev.samlocal.dynamodb;

import dev.samlocal.iam.AccessControl;
import dev.samlocal.template.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** DynamoDB Local in this process, on any free loopback port. */
public final class EmbeddedDynamoDb implements AutoCloseable {
    private final Server server;
    private final LocalDynamoDBRequestHandler requests;
    private final Optional<FileChannel> lock;

    private EmbeddedDynamoDb(Optional<Path> data, Optional<FileChannel> lock, AccessControl access) throws Exception {
        this.lock = lock;
        // Shared by all access keys and regions, and without an artificial delay for creating tables.
        requests = new LocalDynamoDBRequestHandler(
                0, data.isEmpty(), data.map(Path::toString).orElse(null), true, false);
        data.ifPresent(this::openFile);
        server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(new AccessCheck(new LocalDynamoDBServerHandler(requests, null), access));
        server.start();
    }

    /**
     * Starts it.
     *
     * @param data the folder that keeps the items; without one they are in memory
     */
    public static EmbeddedDynamoDb start(Optional<Path> data, AccessControl access) {
        var lock = data.map(EmbeddedDynamoDb::lock);
        try {
            return new EmbeddedDynamoDb(data, lock, access);
        } catch (Exception e) {
            lock.ifPresent(EmbeddedDynamoDb::release);
            throw e instanceof StartException known
                    ? known
                    : new StartException("DynamoDB Local does not start: " + e, e);
        }
    }

    /** Opens the database file now. DynamoDB Local would open it at the first request, when clients are connected already. */
    private void openFile(Path folder) {
        try {
            requests.listTables("local", "local", ListTablesRequest.builder().build());
        } catch (RuntimeException e) {
            throw new StartException(
                    "cannot keep data in " + folder + ": its database cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Takes the folder's lock, because two engines on one folder would each see only a part of the items. */
    private static FileChannel lock(Path folder) {
        try {
            Files.createDirectories(folder);
            var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new StartException("cannot keep data in " + folder + ": another process uses it");
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw new StartException("cannot keep data in " + folder + ": this process uses it already", e);
        } catch (FileAlreadyExistsException e) {
            throw new StartException("cannot keep data in " + folder + ": it is not a folder", e);
        } catch (IOException e) {
            throw new StartException("cannot keep data in " + folder + ": " + e, e);
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code http://127.0.0.1:port}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getURI().getPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
            requests.shutdown();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not stop", e);
        } finally {
            lock.ifPresent(EmbeddedDynamoDb::release);
        }
    }
}
