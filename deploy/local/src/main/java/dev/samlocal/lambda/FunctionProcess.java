package dev.samlocal.lambda;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.samlocal.template.StartException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs a function in a process of its own, because a handler reads its environment variables from its process. A process that has
 * ended is replaced at the next invocation.
 */
final class FunctionProcess implements FunctionRuntime {
    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment;
    private final Logger log;
    private Instance instance;

    /** @param options of the JVM */
    FunctionProcess(List<String> options, List<Path> classPath, Map<String, String> environment, Logger log) {
        this.environment = environment;
        this.log = log;
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", workerClassPath(), FunctionWorker.class.getName()));
        classPath.forEach(path -> command.add(path.toString()));
        instance = new Instance();
    }

    /** Only what Lambda's runtime has too, so that it cannot replace the function's own libraries. */
    private static String workerClassPath() {
        return Stream.of(FunctionWorker.class, RequestHandler.class, JacksonFactory.class, LambdaContext.class)
                .map(type -> {
                    try {
                        var source = type.getProtectionDomain().getCodeSource().getLocation();
                        return Path.of(source.toURI()).toString();
                    } catch (URISyntaxException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
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
        if (!instance.process.isAlive()) {
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
            var builder = new ProcessBuilder(command);
            // The developer's own credentials and profile are not the function's.
            builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
            builder.environment().putAll(environment);
            try {
                process = builder.start();
            } catch (IOException e) {
                throw new StartException("its process does not start: " + e.getMessage(), e);
            }
            out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
            Thread.ofVirtual().name("responses").start(this::readResponses);
            Thread.ofVirtual().name("log").start(this::readLog);
        }

        Future<byte[]> invoke(byte[] event, Duration timeout) {
            int id = ids.incrementAndGet();
            var response = new CompletableFuture<byte[]>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    send(id, -1, null, timeout);
                    return super.cancel(mayInterruptIfRunning);
                }
            };
            pending.put(id, response);
            send(id, event.length, event, timeout);
            return response;
        }

        private void send(int id, int length, byte @Nullable [] event, Duration timeout) {
            try {
                synchronized (out) {
                    out.writeInt(id);
                    out.writeInt(length);
                    if (event != null) {
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
            try (var in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
                String problem = in.readUTF();
                if (!problem.isEmpty()) {
                    ready.completeExceptionally(new StartException(problem));
                }
                ready.complete(null);
                while (true) {
                    var response = pending.remove(in.readInt());
                    boolean succeeded = in.readBoolean();
                    byte[] result = in.readNBytes(in.readInt());
                    if (response != null && succeeded) {
                        response.complete(result);
                    } else if (response != null) {
                        response.completeExceptionally(
                                new IllegalStateException(new String(result, StandardCharsets.UTF_8)));
                    }
                }
            } catch (IOException e) {
                fail();
            }
        }

        private void readLog() {
            try (var lines = process.errorReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(log::info);
            } catch (IOException e) {
                log.debug("the log ended", e);
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
