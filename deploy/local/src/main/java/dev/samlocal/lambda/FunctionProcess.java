package dev.samlocal.lambda;

import dev.samlocal.template.StartException;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs a function in a process of its own, because a handler reads its environment variables from its process. A process that has
 * ended is replaced at the next invocation.
 */
final class FunctionProcess implements LambdaFunction.Invoker {
    private final ProcessBuilder builder;
    private final Logger log;
    private Instance instance;

    /** @param options of the JVM */
    FunctionProcess(List<String> options, List<Path> classPath, Map<String, String> environment, Logger log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FunctionWorker.class.getName()));
        classPath.forEach(path -> command.add(path.toString()));
        builder = new ProcessBuilder(command);
        // The developer's own credentials and profile are not the function's.
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        this.log = log;
        instance = new Instance();
    }

    @Override
    public void awaitReady() {
        current().ready.join();
    }

    @Override
    public Future<byte[]> invoke(byte[] event, Duration timeout) {
        return current().invoke(event, timeout);
    }

    private synchronized Instance current() {
        if (!instance.process.isAlive() && instance.ready.isDone()) {
            instance = new Instance();
        }
        return instance;
    }

    @Override
    public synchronized void close() {
        instance.process.destroy();
    }

    /** One process of the function. */
    private final class Instance {
        private final Process process;
        private final DataOutputStream out;
        private final AtomicInteger ids = new AtomicInteger();
        private final Map<Integer, CompletableFuture<byte[]>> pending = new ConcurrentHashMap<>();
        private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

        Instance() {
            try {
                process = builder.start();
            } catch (IOException e) {
                throw new StartException("its process does not start: " + e.getMessage(), e);
            }
            out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
            Thread.ofVirtual().name("responses").start(this::readResponses);
            Thread.ofVirtual()
                    .name("log")
                    .start(() ->
                            process.errorReader(StandardCharsets.UTF_8).lines().forEach(log::info));
        }

        Future<byte[]> invoke(byte[] event, Duration timeout) {
            int id = ids.incrementAndGet();
            var response = new CompletableFuture<byte[]>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    send(id, -1, new byte[0], timeout);
                    return super.cancel(mayInterruptIfRunning);
                }
            };
            pending.put(id, response);
            send(id, event.length, event, timeout);
            return response;
        }

        /** @param length of the event; negative to interrupt the invocation */
        private void send(int id, int length, byte[] event, Duration timeout) {
            try {
                synchronized (out) {
                    out.writeInt(id);
                    out.writeInt(length);
                    if (length >= 0) {
                        out.writeLong(timeout.toMillis());
                        out.write(event);
                    }
                    out.flush();
                }
            } catch (IOException e) {
                fail();
            }
        }

        private void readResponses() {
            try (var in = new DataInputStream(process.getInputStream())) {
                String problem = in.readUTF();
                if (!problem.isEmpty()) {
                    ready.completeExceptionally(new StartException(problem));
                }
                ready.complete(null);
                while (true) {
                    var response = Objects.requireNonNull(pending.remove(in.readInt()));
                    boolean succeeded = in.readBoolean();
                    byte[] result = in.readNBytes(in.readInt());
                    if (succeeded) {
                        response.complete(result);
                    } else {
                        String trace = new String(result, StandardCharsets.UTF_8);
                        response.completeExceptionally(new IllegalStateException(trace));
                    }
                }
            } catch (IOException e) {
                fail();
            }
        }

        private void fail() {
            process.destroy();
            var unused = process.onExit().thenAccept(ended -> {
                var problem = new StartException("its process ended with exit code " + ended.exitValue());
                ready.completeExceptionally(problem);
                pending.values().forEach(response -> response.completeExceptionally(problem));
            });
        }
    }
}
