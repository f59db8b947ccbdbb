package dev.samlocal.dynamodb;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.template.BackingResources.Table;
import dev.samlocal.template.StartException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Creates a template's tables on a DynamoDB of this machine. The properties in a template are those of the {@code CreateTable}
 * request, so they are sent as they are. No DynamoDB on this machine verifies signatures, so none is computed.
 */
public final class DeclaredTables {
    private static final List<String> PROPERTIES = List.of(
            "AttributeDefinitions",
            "KeySchema",
            "BillingMode",
            "ProvisionedThroughput",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes");

    private DeclaredTables() {}

    /** Whether an endpoint is on this machine. Tables are created nowhere else. */
    public static boolean isOnThisMachine(URI endpoint) {
        try {
            return InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartException("there is no host " + endpoint.getHost(), e);
        }
    }

    /** Creates the tables that are missing. A table that exists stays as it is. */
    public static void create(List<Table> tables, URI endpoint, String region) {
        for (Table table : tables) {
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("TableName", table.name());
            for (String name : PROPERTIES) {
                Optional.ofNullable(table.properties().get(name))
                        .ifPresent(value -> request.put(name, withNumbers(value)));
            }
            if (call("CreateTable", request, endpoint, region)
                    && table.properties().get("TimeToLiveSpecification") instanceof Map<?, ?> expiry
                    && "true".equals(expiry.get("Enabled"))) {
                var attribute = String.valueOf(expiry.get("AttributeName"));
                var specification = Map.of("Enabled", true, "AttributeName", attribute);
                var expire = Map.of("TableName", table.name(), "TimeToLiveSpecification", specification);
                call("UpdateTimeToLive", expire, endpoint, region);
            }
        }
    }

    /** Converts a template's numbers, which are text, to numbers. */
    private static Object withNumbers(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> String.valueOf(entry.getKey()).endsWith("Units")
                                        ? Long.valueOf(String.valueOf(entry.getValue()))
                                        : withNumbers(entry.getValue())));
            case List<?> list -> list.stream().map(DeclaredTables::withNumbers).toList();
            default -> value;
        };
    }

    /** Returns false if the table exists already. */
    private static boolean call(String operation, Map<String, ?> request, URI endpoint, String region) {
        try {
            var connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setConnectTimeout(5_000);
            connection.setReadTimeout(20_000);
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
            if (connection.getResponseCode() == 200) {
                return true;
            }
            try (var body = connection.getErrorStream()) {
                String error = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
                if (error.contains("ResourceInUseException")) {
                    return false;
                }
                throw new StartException("DynamoDB cannot create the table " + request.get("TableName") + ": " + error);
            }
        } catch (IOException e) {
            throw new StartException("DynamoDB at " + endpoint + " does not answer: " + e.getMessage(), e);
        }
    }
}
