package dev.samlocal.lambda;

import dev.samlocal.template.StartException;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The main class of a function's own process. It reads invocations from standard input, runs each on a thread, and writes the
 * responses to standard output. It ends when standard input ends, so it never outlives the gateway.
 */
public final class FunctionWorker {
    private static final Map<Integer, Thread> RUNNING = new ConcurrentHashMap<>();

    private FunctionWorker() {}

    /**
     * Runs the function until standard input ends.
     *
     * @param classPath the jars and folders of the function's code
     */
    public static void main(String[] classPath) throws IOException {
        var in = new DataInputStream(System.in);
        var out = new DataOutputStream(new BufferedOutputStream(System.out));
        // What the function reads and prints must not mix with the protocol.
        System.setIn(InputStream.nullInputStream());
        System.setOut(System.err);
        try {
            var handler = load(classPath);
            out.writeUTF("");
            out.flush();
            while (true) {
                read(in, out, handler);
            }
        } catch (StartException e) {
            out.writeUTF(String.valueOf(e.getMessage()));
            out.flush();
            System.exit(1);
        } catch (EOFException e) {
            System.exit(0);
        }
    }

    private static Handler load(String[] classPath) throws IOException {
        var loader = new URLClassLoader(
                FunctionCode.urls(Arrays.stream(classPath).map(Path::of).toList()), new RuntimeClasses());
        // Libraries find their services through it.
        Thread.currentThread().setContextClassLoader(loader);
        String handler = System.getenv("_HANDLER");
        try {
            return Handler.create(handler, loader.loadClass(Handler.className(handler)), Optional.empty());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new StartException(handler + " cannot be loaded: " + e, e);
        }
    }

    /** The classes of this tool that a function may see: those of Lambda's runtime. Others could replace its own libraries. */
    private static final class RuntimeClasses extends ClassLoader {
        RuntimeClasses() {
            super(getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("com.amazonaws.services.lambda.runtime.")) {
                return FunctionWorker.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }

    /** Reads an invocation and starts it, or interrupts one that is running. */
    private static void read(DataInputStream in, DataOutputStream out, Handler handler) throws IOException {
        int id = in.readInt();
        int length = in.readInt();
        if (length < 0) {
            Optional.ofNullable(RUNNING.get(id)).ifPresent(Thread::interrupt);
            return;
        }
        var timeout = Duration.ofMillis(in.readLong());
        byte[] event = in.readNBytes(length);
        var thread = new Thread(() -> invoke(handler, id, event, timeout, out), "invocation " + id);
        RUNNING.put(id, thread);
        thread.start();
    }

    private static void invoke(Handler handler, int id, byte[] event, Duration timeout, DataOutputStream out) {
        boolean succeeded = false;
        byte[] result;
        try {
            result = handler.invoke(event, new InvocationContext(System.getenv(), timeout, System.err::println));
            succeeded = true;
        } catch (Throwable e) {
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            result = trace.toString().getBytes(StandardCharsets.UTF_8);
        }
        RUNNING.remove(id);
        try {
            synchronized (out) {
                out.writeInt(id);
                out.writeBoolean(succeeded);
                out.writeInt(result.length);
                out.write(result);
                out.flush();
            }
        } catch (IOException e) {
            // The gateway has ended, and so will this process.
        }
    }
}
