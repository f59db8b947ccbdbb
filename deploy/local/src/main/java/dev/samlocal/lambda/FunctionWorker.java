package dev.samlocal.lambda;

import dev.samlocal.template.StartException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The main class of a function's own process. It reads invocations from standard input, runs each on a thread, and writes the
 * responses to standard output. It ends when standard input ends, so it never outlives the gateway.
 */
public final class FunctionWorker {
    private final DataOutputStream out;
    private final Handler.Call handler;
    private final Map<Integer, Thread> running = new ConcurrentHashMap<>();

    private FunctionWorker(DataOutputStream out, Handler.Call handler) {
        this.out = out;
        this.handler = handler;
    }

    /**
     * Runs the function until standard input ends.
     *
     * @param classPath the jars and folders of the function's code
     */
    public static void main(String[] classPath) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(System.in));
        var out = new DataOutputStream(new BufferedOutputStream(System.out));
        // What the function prints must not mix with the responses.
        System.setOut(System.err);
        System.setIn(InputStream.nullInputStream());
        FunctionWorker worker;
        try {
            worker = new FunctionWorker(out, load(classPath));
        } catch (StartException e) {
            out.writeUTF(String.valueOf(e.getMessage()));
            out.flush();
            System.exit(1);
            return;
        }
        out.writeUTF("");
        out.flush();
        worker.run(in);
        System.exit(0);
    }

    private static Handler.Call load(String[] classPath) throws IOException {
        URL[] urls = new URL[classPath.length];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = Path.of(classPath[i]).toUri().toURL();
        }
        var loader = new URLClassLoader(urls, FunctionWorker.class.getClassLoader());
        // Libraries find their services through it.
        Thread.currentThread().setContextClassLoader(loader);
        String handler = System.getenv("_HANDLER");
        try {
            return Handler.create(handler, Class.forName(Handler.className(handler), true, loader), Optional.empty());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new StartException(handler + " cannot be loaded: " + e, e);
        }
    }

    private void run(DataInputStream in) throws IOException {
        while (true) {
            int id;
            try {
                id = in.readInt();
            } catch (EOFException e) {
                return;
            }
            int length = in.readInt();
            if (length < 0) {
                var thread = running.get(id);
                if (thread != null) {
                    thread.interrupt();
                }
                continue;
            }
            var timeout = Duration.ofMillis(in.readLong());
            byte[] event = in.readNBytes(length);
            var thread = new Thread(() -> invoke(id, event, timeout), "invocation " + id);
            running.put(id, thread);
            thread.start();
        }
    }

    private void invoke(int id, byte[] event, Duration timeout) {
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
        running.remove(id);
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
