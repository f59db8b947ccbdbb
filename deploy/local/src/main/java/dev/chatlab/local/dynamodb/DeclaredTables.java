package dev.chatlab.local.dynamodb;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.local.template.Backing.Table;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Creates the tables of a template on a DynamoDB of this machine. A table's properties in a template are those of the
 * request that creates it, so they are sent as they are; nothing on this machine looks at a signature.
 */
public final class DeclaredTables {
    private static final List<String> PROPERTIES = List.of(
            "AttributeDefinitions",
            "KeySchema",
            "BillingMode",
            "ProvisionedThroughput",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes");

    private final URI endpoint;
    private final String region;

    private DeclaredTables(URI endpoint, String region) {
        this.endpoint = endpoint;
        this.region = region;
    }

    /**
     * Whether an address is this machine's own, where alone tables are ever created.
     *
     * @throws DynamoDbException when there is no such host
     */
    public static boolean onThisMachine(URI endpoint) {
        try {
            return InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new DynamoDbException("there is no host " + endpoint.getHost(), e);
        }
    }

    /**
     * Creates those that are missing; one that is there stays as it is.
     *
     * @throws DynamoDbException when DynamoDB does not answer, or refuses
     */
    public static void create(List<Table> tables, URI endpoint, String region) {
        if (!onThisMachine(endpoint)) {
            throw new IllegalArgumentException(endpoint + " is not on this machine");
        }
        var declared = new DeclaredTables(endpoint, region);
        tables.forEach(declared::create);
    }

    private void create(Table table) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("TableName", table.name());
        PROPERTIES.forEach(name -> {
            var value = table.properties().get(name);
            if (value != null) {
                request.put(name, numbered(value));
            }
        });
        if (table.properties().get("StreamSpecification") instanceof Map<?, ?> stream) {
            request.put(
                    "StreamSpecification",
                    Map.of("StreamEnabled", true, "StreamViewType", String.valueOf(stream.get("StreamViewType"))));
        }
        var created = call("CreateTable", request);
        if (created.is("ResourceInUseException")) {
            return;
        }
        created.orFail(table.name());
        if (table.properties().get("TimeToLiveSpecification") instanceof Map<?, ?> expiry
                && "true".equals(expiry.get("Enabled"))) {
            call(
                            "UpdateTimeToLive",
                            Map.of(
                                    "TableName", table.name(),
                                    "TimeToLiveSpecification",
                                            Map.of(
                                                    "Enabled",
                                                    true,
                                                    "AttributeName",
                                                    String.valueOf(expiry.get("AttributeName")))))
                    .orFail(table.name());
        }
    }

    /** A template's numbers are text; DynamoDB wants them as numbers. */
    private static Object numbered(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> String.valueOf(entry.getKey()).endsWith("Units")
                                        ? Long.valueOf(String.valueOf(entry.getValue()))
                                        : numbered(entry.getValue())));
            case List<?> list -> list.stream().map(DeclaredTables::numbered).toList();
            default -> value;
        };
    }

    private Answer call(String operation, Map<String, Object> request) {
        try {
            var connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setConnectTimeout(5_000);
            connection.setReadTimeout(20_000);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/x-amz-json-1.0");
            connection.setRequestProperty("X-Amz-Target", "DynamoDB_20120810." + operation);
            connection.setRequestProperty(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=local/20260101/" + region
                            + "/dynamodb/aws4_request, SignedHeaders=host, Signature=none");
            try (var body = connection.getOutputStream()) {
                JSON.std.write(request, body);
            }
            boolean well = connection.getResponseCode() == 200;
            try (var body = well ? connection.getInputStream() : connection.getErrorStream()) {
                return new Answer(well, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new DynamoDbException("DynamoDB at " + endpoint + " does not answer: " + e.getMessage(), e);
        }
    }

    private record Answer(boolean well, String body) {

        boolean is(String error) {
            return !well && body.contains(error);
        }

        void orFail(String table) {
            if (!well) {
                throw new DynamoDbException("DynamoDB does not create the table " + table + ": " + body);
            }
        }
    }
}
