package dev.chatlab.local.iam;

import dev.chatlab.local.iam.Authentication.Refused;
import dev.chatlab.local.iam.SignatureV4.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a request says of its own signature, in its query or in its {@code Authorization} header. Of this nothing is true before
 * it is verified.
 *
 * @param credential {@code key/date/region/service/aws4_request}, if it is right
 * @param time such as {@code 20150830T123600Z}, if it is right
 * @param signedHeaders their names, in lower case and in order
 * @param sessionToken empty if there is none
 */
record Claim(String credential, String time, List<String> signedHeaders, String sessionToken, String signature) {

    sealed interface Reading {}

    record Complete(Claim claim) implements Reading {}

    record Incomplete(Refused refused) implements Reading {}

    private static final String ALGORITHM = "X-Amz-Algorithm";
    private static final String CREDENTIAL = "X-Amz-Credential";
    private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";
    private static final String DATE = "X-Amz-Date";
    private static final String SECURITY_TOKEN = "X-Amz-Security-Token";
    private static final List<String> QUERY =
            List.of(ALGORITHM, CREDENTIAL, SignatureV4.SIGNATURE_PARAMETER, SIGNED_HEADERS, DATE);
    private static final List<String> HEADER = List.of("Credential", "Signature", "SignedHeaders");

    /**
     * Reads it. The messages are AWS's: that of a request without a signature is API Gateway's
     * (repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden), the others are those that every service has, as
     * mhart/dynalite wrote them down and aws/chalice issue 828 shows API Gateway sending one.
     */
    static Reading of(SignedRequest request) {
        Map<String, String> query = SignatureV4.parameters(request.query()).stream()
                .collect(Collectors.toMap(Parameter::name, Parameter::value, (first, next) -> first));
        var authorization = request.header("Authorization").stream().findFirst();
        boolean inQuery = query.containsKey(ALGORITHM);
        if (inQuery && authorization.isPresent()) {
            return new Incomplete(new Refused(
                    "InvalidSignatureException",
                    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."));
        }
        if (inQuery) {
            return inQuery(query);
        }
        return authorization
                .map(header -> inHeader(header, request))
                .orElseGet(() -> new Incomplete(
                        new Refused("MissingAuthenticationTokenException", "Missing Authentication Token")));
    }

    private static Reading inQuery(Map<String, String> query) {
        String missing = missing(QUERY, query, name -> "AWS query-string parameters must include '" + name + "'. ");
        if (!missing.isEmpty()) {
            return incomplete(missing + "Re-examine the query-string parameters.");
        }
        return reading(query, ALGORITHM, CREDENTIAL, SIGNED_HEADERS, SignatureV4.SIGNATURE_PARAMETER);
    }

    private static Reading inHeader(String header, SignedRequest request) {
        String[] parts = header.split(" ", 2);
        Map<String, String> said = new LinkedHashMap<>();
        for (String parameter : (parts.length == 1 ? "" : parts[1]).split(",", -1)) {
            String[] pair = parameter.strip().split("=", 2);
            said.put(pair[0], pair.length == 1 ? "" : pair[1]);
        }
        request.header(DATE).forEach(value -> said.put(DATE, value));
        request.header(SECURITY_TOKEN).forEach(value -> said.put(SECURITY_TOKEN, value));
        String missing = missing(HEADER, said, name -> "Authorization header requires '" + name + "' parameter. ")
                + (said.containsKey(DATE)
                        ? ""
                        : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        if (!missing.isEmpty()) {
            return incomplete(missing + "Authorization=" + header);
        }
        said.put(ALGORITHM, parts[0]);
        return reading(said, ALGORITHM, "Credential", "SignedHeaders", "Signature");
    }

    private static Reading reading(
            Map<String, String> said, String algorithm, String credential, String signedHeaders, String signature) {
        if (!said.getOrDefault(algorithm, "").equals(SignatureV4.ALGORITHM)) {
            return incomplete("Unsupported AWS 'algorithm': '" + said.get(algorithm) + "' (only "
                    + SignatureV4.ALGORITHM + " for now). ");
        }
        return new Complete(new Claim(
                said.getOrDefault(credential, ""),
                said.getOrDefault(DATE, ""),
                Arrays.stream(said.getOrDefault(signedHeaders, "").split(";", -1))
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .sorted()
                        .toList(),
                said.getOrDefault(SECURITY_TOKEN, ""),
                said.getOrDefault(signature, "")));
    }

    private static String missing(List<String> names, Map<String, String> said, Function<String, String> complaint) {
        return names.stream()
                .filter(name -> said.getOrDefault(name, "").isEmpty())
                .map(complaint)
                .collect(Collectors.joining());
    }

    private static Incomplete incomplete(String message) {
        return new Incomplete(new Refused("IncompleteSignatureException", message));
    }
}
