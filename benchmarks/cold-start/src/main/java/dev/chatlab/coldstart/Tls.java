package dev.chatlab.coldstart;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** What TLS costs a process that has not spoken it before, which the cold starts beside it leave out. */
final class Tls {

    private static final int RUNS = 7;
    private static final char[] PASSWORD = "password".toCharArray();

    private Tls() {}

    /** Without arguments prints how long it took in processes of their own; with a port, is one. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1) {
            child(Integer.parseInt(arguments[0]));
        } else {
            parent();
        }
        System.exit(0);
    }

    private static void child(int port) throws Exception {
        long begin = System.nanoTime();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        long trusted = System.nanoTime();
        shakeHands(context, port);
        long first = System.nanoTime();
        shakeHands(SSLContext.getDefault(), port);
        long second = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "%.0f %.0f %.0f%n",
                (trusted - begin) / 1e6,
                (first - trusted) / 1e6,
                (second - first) / 1e6);
    }

    private static void shakeHands(SSLContext context, int port) throws Exception {
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
        }
    }

    private static void parent() throws Exception {
        Path store = Files.createTempDirectory("tls").resolve("key.p12");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "local",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start()
                .waitFor();
        HttpsServer server = server(store);
        double[][] figures = new double[3][RUNS];
        for (int run = -1; run < RUNS; run++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Djavax.net.ssl.trustStore=" + store,
                            "-Djavax.net.ssl.trustStorePassword=" + new String(PASSWORD),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Tls.class.getName(),
                            Integer.toString(server.getAddress().getPort()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var said = new java.util.Scanner(process.getInputStream(), java.nio.charset.StandardCharsets.UTF_8)) {
                for (int figure = 0; figure < 3; figure++) {
                    double value = said.nextDouble();
                    if (run >= 0) {
                        figures[figure][run] = value;
                    }
                }
            }
        }
        System.out.println("| the trust store, ms | the first handshake, ms | the next, ms |\n| ---: | ---: | ---: |");
        System.out.printf(
                Locale.ROOT, "| %.0f | %.0f | %.0f |%n", median(figures[0]), median(figures[1]), median(figures[2]));
        server.stop(0);
    }

    private static HttpsServer server(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.start();
        return server;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
