package dev.chatlab.local.iam;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 as the other side computes it: over the headers and parameters that somebody chose to sign. The SDK's
 * signer cannot: it signs what it adds by itself, {@code X-Amz-Expires} to a query and {@code x-amz-content-sha256} to headers,
 * which other signers leave out. The steps are those of the IAM user guide, "Create a signed AWS API request".
 */
final class SignatureV4 {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";
    static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    private static final String EMPTY_BODY = hex(sha256(""));

    private SignatureV4() {}

    /** One parameter of a query, decoded. */
    record Parameter(String name, String value) {}

    /** The parameters of a query in their order; a {@code +} is a plus, as in any URI. */
    static List<Parameter> parameters(String query) {
        return Arrays.stream(query.split("&", -1))
                .filter(text -> !text.isEmpty())
                .map(text -> text.split("=", 2))
                .map(pair -> new Parameter(decode(pair[0]), pair.length == 1 ? "" : decode(pair[1])))
                .toList();
    }

    /** @param signedHeaders their names, in lower case and in order */
    static String canonicalRequest(SignedRequest request, List<String> signedHeaders) {
        return Stream.of(
                        Stream.of(request.method(), path(request.path()), query(request.query())),
                        signedHeaders.stream().map(name -> name + ":" + value(request.header(name))),
                        Stream.of("", String.join(";", signedHeaders), EMPTY_BODY))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    /** @param scope {@code date/region/service/aws4_request} */
    static String stringToSign(String time, String scope, String canonicalRequest) {
        return String.join("\n", ALGORITHM, time, scope, hex(sha256(canonicalRequest)));
    }

    static String signature(String secretAccessKey, String scope, String stringToSign) {
        byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return hex(hmac(key, stringToSign));
    }

    /** Every service but S3 signs the path encoded once more. */
    private static String path(String path) {
        return path.isEmpty()
                ? "/"
                : Arrays.stream(path.split("/", -1)).map(SignatureV4::encode).collect(Collectors.joining("/"));
    }

    private static String query(String query) {
        return parameters(query).stream()
                .filter(parameter -> !parameter.name().equals(SIGNATURE_PARAMETER))
                .map(parameter -> new Parameter(encode(parameter.name()), encode(parameter.value())))
                .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
                .map(parameter -> parameter.name() + "=" + parameter.value())
                .collect(Collectors.joining("&"));
    }

    private static String value(List<String> values) {
        return values.stream().map(value -> value.strip().replaceAll(" +", " ")).collect(Collectors.joining(","));
    }

    /** All but RFC 3986's unreserved characters. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** What is no encoding stays as it is: nobody can have signed it. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
