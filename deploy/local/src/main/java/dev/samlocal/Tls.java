package dev.samlocal;

import dev.samlocal.template.StartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * HTTPS on the gateway's port, beside HTTP, because handlers call {@code @connections} at {@code https://} and the domain name of
 * the event. The certificate is made for one run. Only processes of functions trust it.
 */
final class Tls {
    private static final String PASSWORD = "changeit";

    private Tls() {}

    /** Makes the connector recognise TLS, and returns the JVM options with which a function trusts the certificate. */
    static List<String> enable(ServerConnector connector, String host) {
        try {
            Path folder = Files.createTempDirectory("sam-websocket-local");
            Path keys = folder.resolve("keys.p12");
            Path trusted = folder.resolve("trusted.p12");
            makeKey(keys, host);
            // The function still trusts what the JDK trusts.
            var trust = KeyStore.getInstance(
                    Path.of(System.getProperty("java.home"), "lib", "security", "cacerts")
                            .toFile(),
                    PASSWORD.toCharArray());
            var key = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
            trust.setCertificateEntry("gateway", key.getCertificate("gateway"));
            try (var out = Files.newOutputStream(trusted)) {
                trust.store(out, PASSWORD.toCharArray());
            }
            for (Path file : List.of(keys, trusted, folder)) {
                file.toFile().deleteOnExit();
            }
            var context = new SslContextFactory.Server();
            context.setKeyStore(key);
            context.setKeyStorePassword(PASSWORD);
            connector.addFirstConnectionFactory(
                    new DetectorConnectionFactory(new SslConnectionFactory(context, "http/1.1")));
            return List.of("-Djavax.net.ssl.trustStore=" + trusted, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    /** With the JDK's keytool, because the JDK has no public API for it. */
    private static void makeKey(Path keys, String host) throws IOException {
        String name = host.matches("[0-9.]+|\\[.*]") ? "ip:" + host.replaceAll("[\\[\\]]", "") : "dns:" + host;
        String command = "-genkeypair -alias gateway -keyalg EC -validity 365 -dname CN=sam-websocket-local -ext san="
                + name + " -storetype PKCS12 -storepass " + PASSWORD;
        var process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        process.command().addAll(List.of(command.split(" ", -1)));
        process.command().addAll(List.of("-keystore", keys.toString()));
        var keytool = process.redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!Files.exists(keys)) {
            throw new IOException(output);
        }
    }
}
