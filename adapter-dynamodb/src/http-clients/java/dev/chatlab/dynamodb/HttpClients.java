package dev.chatlab.dynamodb;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * Which of the SDK's HTTP clients a function should have: each in processes of its own, in turn, that do what a function does,
 * put an item and read it.
 */
final class HttpClients {

    private static final Seq<String> CLIENTS = Vector.of("url-connection", "apache5", "crt", "netty");
    private static final int RUNS = 7;
    private static final int CALLS = 1_000;

    private HttpClients() {}

    /** With no arguments prints the table; with a client's name and more, is one of the processes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 3) {
            child(arguments[0], URI.create(arguments[1]), arguments[2]);
        } else {
            parent();
        }
        System.exit(0);
    }

    private static void parent() throws IOException, InterruptedException {
        String table = Engine.table("http-clients");
        Map<String, Seq<double[]>> measured = new TreeMap<>();
        for (int run = 0; run < RUNS; run++) {
            for (String client : CLIENTS) {
                var process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                HttpClients.class.getName(),
                                client,
                                Engine.endpoint().toString(),
                                table)
                        .redirectErrorStream(true)
                        .start();
                var said = new Scanner(process.getInputStream(), StandardCharsets.UTF_8).useLocale(Locale.ROOT);
                while (!said.hasNextDouble()) {
                    said.next();
                }
                double[] figures = {said.nextDouble(), said.nextDouble()};
                measured.merge(client, Vector.of(figures), Seq::appendAll);
            }
        }
        System.out.println("| client | first call, ms from process start | a call then, ms |\n| --- | ---: | ---: |");
        measured.forEach((client, figures) -> System.out.printf(
                Locale.ROOT, "| %s | %.0f | %.2f |%n", client, median(figures, 0), median(figures, 1)));
    }

    private static double median(Seq<double[]> figures, int which) {
        return figures.map(pair -> pair[which]).sorted().get(figures.size() / 2);
    }

    private static void child(String client, URI endpoint, String table) {
        Runnable call = call(client, endpoint, table);
        call.run();
        double first = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        Vector<Long> times = Vector.empty();
        for (int i = 0; i < CALLS; i++) {
            long begin = System.nanoTime();
            call.run();
            times = times.append(System.nanoTime() - begin);
        }
        System.out.println(first + " " + times.sorted().get(CALLS / 2) / 1e6);
    }

    private static Runnable call(String name, URI endpoint, String table) {
        var request = PutItemRequest.builder()
                .tableName(table)
                .item(Map.of("pk", AttributeValue.fromS("room/hall"), "sk", AttributeValue.fromS("0000000000000001")))
                .build();
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
        if (name.equals("netty")) {
            SdkAsyncHttpClient http = NettyNioAsyncHttpClient.create();
            var client = DynamoDbAsyncClient.builder()
                    .endpointOverride(endpoint)
                    .region(Region.US_EAST_1)
                    .credentialsProvider(credentials)
                    .httpClient(http)
                    .build();
            return () -> client.putItem(request).join();
        }
        SdkHttpClient http = switch (name) {
            case "url-connection" -> UrlConnectionHttpClient.create();
            case "apache5" -> Apache5HttpClient.create();
            case "crt" -> AwsCrtHttpClient.create();
            default -> throw new IllegalArgumentException("no such client: " + name);
        };
        var client = DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .httpClient(http)
                .build();
        return () -> client.putItem(request);
    }
}
