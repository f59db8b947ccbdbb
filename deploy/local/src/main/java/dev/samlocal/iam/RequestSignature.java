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
 * @param time such as {@code 20150830T123600Z}
 * @param signedHeaders in lower case
 * @param sessionToken empty if there is none
 */
record RequestSignature(
        String accessKeyId,
        String date,
        String region,
        String service,
        String time,
        List<String> signedHeaders,
        String sessionToken,
        String signature) {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    private static final String INCOMPLETE = "IncompleteSignatureException";
    private static final String TERMINATOR = "aws4_request";
    private static final List<String> REQUIRED = List.of("Credential", "Signature", "SignedHeaders", "Date");

    static RequestSignature of(SdkHttpRequest request) throws AuthenticationException {
        var authorization = request.firstMatchingHeader("Authorization");
        boolean inQuery = request.rawQueryParameters().containsKey("X-Amz-Algorithm");
        if (inQuery && authorization.isPresent()) {
            throw new AuthenticationException(
                    "InvalidSignatureException",
                    "The request is signed both in the query and in the Authorization header.");
        }
        if (!inQuery && authorization.isEmpty()) {
            throw new AuthenticationException("MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        var parameters = inQuery ? ofQuery(request) : ofHeader(request, authorization.get());
        if (!ALGORITHM.equals(parameters.get("Algorithm"))) {
            throw new AuthenticationException(INCOMPLETE, "The algorithm of the signature is not " + ALGORITHM + ".");
        }
        for (String name : REQUIRED) {
            if (parameters.getOrDefault(name, "").isEmpty()) {
                throw new AuthenticationException(INCOMPLETE, "The signature has no " + name + ".");
            }
        }
        String[] credential = parameters.getOrDefault("Credential", "").split("/", -1);
        if (credential.length != 5 || !credential[4].equals(TERMINATOR)) {
            throw new AuthenticationException(
                    INCOMPLETE, "The credential is not keyid/date/region/service/" + TERMINATOR + ".");
        }
        return new RequestSignature(
                credential[0],
                credential[1],
                credential[2],
                credential[3],
                parameters.getOrDefault("Date", ""),
                Arrays.stream(parameters.getOrDefault("SignedHeaders", "").split(";", -1))
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList(),
                parameters.getOrDefault("Security-Token", ""),
                parameters.getOrDefault("Signature", ""));
    }

    private static Map<String, String> ofQuery(SdkHttpRequest request) {
        Map<String, String> parameters = new HashMap<>();
        request.rawQueryParameters()
                .forEach((name, values) -> parameters.put(name.replaceFirst("^X-Amz-", ""), values.getFirst()));
        return parameters;
    }

    private static Map<String, String> ofHeader(SdkHttpRequest request, String authorization) {
        Map<String, String> parameters = new HashMap<>();
        String[] algorithmAndRest = authorization.split(" ", 2);
        parameters.put("Algorithm", algorithmAndRest[0]);
        if (algorithmAndRest.length == 2) {
            for (String parameter : algorithmAndRest[1].split(",", -1)) {
                String[] pair = parameter.strip().split("=", 2);
                parameters.put(pair[0], pair.length == 1 ? "" : pair[1]);
            }
        }
        for (String name : List.of("Date", "Security-Token")) {
            request.firstMatchingHeader("X-Amz-" + name).ifPresent(value -> parameters.put(name, value));
        }
        return parameters;
    }
}
