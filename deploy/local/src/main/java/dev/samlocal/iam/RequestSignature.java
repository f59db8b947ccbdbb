package dev.samlocal.iam;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * The signature that a request carries in its query or its {@code Authorization} header, not yet verified.
 *
 * @param scope {@code date/region/service/aws4_request}
 * @param time such as {@code 20150830T123600Z}
 * @param signedHeaders in lower case
 * @param sessionToken empty if there is none
 */
record RequestSignature(
        String accessKeyId,
        String scope,
        String time,
        List<String> signedHeaders,
        String sessionToken,
        String signature) {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final String PREFIX = "X-Amz-";

    static RequestSignature of(SdkHttpRequest request) throws AuthenticationException {
        var authorization = request.firstMatchingHeader("Authorization");
        Map<String, String> parameters = new HashMap<>();
        if (authorization.isPresent()) {
            String[] algorithmAndRest = authorization.get().split(" ", 2);
            parameters.put("Algorithm", algorithmAndRest[0]);
            Arrays.stream(algorithmAndRest)
                    .skip(1)
                    .flatMap(rest -> Arrays.stream(rest.split(",", -1)))
                    .map(parameter -> parameter.strip().split("=", 2))
                    .forEach(pair -> parameters.put(pair[0], pair[pair.length - 1]));
            request.forEachHeader((name, values) -> parameters.put(withoutPrefix(name), values.getFirst()));
        } else if (request.rawQueryParameters().containsKey(PREFIX + "Algorithm")) {
            request.forEachRawQueryParameter((name, values) -> parameters.put(withoutPrefix(name), values.getFirst()));
        } else {
            throw new AuthenticationException("MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        for (String name : List.of("Credential", "Signature", "SignedHeaders", "Date")) {
            if (!parameters.containsKey(name) || !ALGORITHM.equals(parameters.get("Algorithm"))) {
                throw new AuthenticationException(
                        "IncompleteSignatureException", "The request has no " + name + " of " + ALGORITHM + ".");
            }
        }
        String[] credential = parameters.getOrDefault("Credential", "").split("/", 2);
        return new RequestSignature(
                credential[0],
                credential[credential.length - 1],
                parameters.getOrDefault("Date", ""),
                List.of(parameters
                        .getOrDefault("SignedHeaders", "")
                        .toLowerCase(Locale.ROOT)
                        .split(";", -1)),
                parameters.getOrDefault("Security-Token", ""),
                parameters.getOrDefault("Signature", ""));
    }

    private static String withoutPrefix(String name) {
        return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) ? name.substring(PREFIX.length()) : name;
    }
}
