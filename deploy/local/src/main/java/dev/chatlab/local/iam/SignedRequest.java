package dev.chatlab.local.iam;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request as it came, nothing decoded, whose body is empty.
 *
 * @param query without the question mark; empty if there is none
 * @param headers by name, whatever its case
 */
public record SignedRequest(String method, String path, String query, Map<String, List<String>> headers) {

    public SignedRequest {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = byName;
    }

    List<String> header(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
