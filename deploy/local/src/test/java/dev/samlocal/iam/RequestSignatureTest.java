package dev.samlocal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.internal.signer.CredentialScope;

/**
 * AWS's published examples, the {@code v4} suite of awslabs/aws-c-auth. Each signature is computed again from the signed request
 * and the secret.
 */
class RequestSignatureTest {

    private static final Credentials KEY =
            new Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "");
    private static final CredentialScope SCOPE =
            new CredentialScope("us-east-1", "service", Instant.parse("2015-08-30T12:36:00Z"));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            get-vanilla-query-order-key-case | /?Param2=value2&Param1=value1 | host | 86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5
            get-vanilla-query-order-encoded | /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1 | host | c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787
            get-vanilla-query-unreserved | /?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz | host | 8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf
            get-vanilla-empty-query-key | /?Param1=value1 | host | 49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de
            get-vanilla-utf8-query | /?ሴ=bar | host | 0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600
            get-unreserved | /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz | host | 95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005
            get-vanilla-with-session-token | /?X-Amz-Security-Token=6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267 | host | 7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c
            get-header-value-trim | /?My-Header1= value1&My-Header2= "a   b   c" | host;my-header1;my-header2 | e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4
            get-header-key-duplicate | /?My-Header1=value2&My-Header1=value2&My-Header1=value1 | host;my-header1 | 3349ee0b81b4b589da0ff28a395c3591e04de515651dd74f298fa992d1507a97
            """)
    void signatureInQueryIsComputedAgain(String name, String target, String signedHeaders, String signature)
            throws AuthenticationException {
        String[] parts = target.split("\\?", 2);
        var headers = headers(name, parts);
        String query = (headers.isEmpty() && parts.length == 2 ? parts[1] + "&" : "")
                + "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F"
                + SCOPE.scope().replace("/", "%2F")
                + "&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=" + signedHeaders.replace(";", "%3B")
                + "&X-Amz-Expires=3600&X-Amz-Signature=" + signature;
        headers.put("Host", List.of("example.amazonaws.com"));

        assertSame(parts[0], query, headers, signature);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            get-vanilla | / | host;x-amz-date | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-vanilla-query-order-key-case | /?Param2=value2&Param1=value1 | host;x-amz-date | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
            get-vanilla-with-session-token | /?X-Amz-Security-Token=6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267 | host;x-amz-date;x-amz-security-token | 07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8
            get-header-value-trim | /?My-Header1= value1&My-Header2= "a   b   c" | host;my-header1;my-header2;x-amz-date | acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736
            get-header-key-duplicate | /?My-Header1=value2&My-Header1=value2&My-Header1=value1 | host;my-header1;x-amz-date | c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea
            """)
    void signatureInHeaderIsComputedAgain(String name, String target, String signedHeaders, String signature)
            throws AuthenticationException {
        String[] parts = target.split("\\?", 2);
        var headers = headers(name.replace("session-token", "header"), parts);
        String query = headers.isEmpty() && parts.length == 2 ? parts[1] : "";
        headers.put("Host", List.of("example.amazonaws.com"));
        headers.put("X-Amz-Date", List.of("20150830T123600Z"));
        headers.put(
                "Authorization",
                List.of("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" + SCOPE.scope() + ", SignedHeaders=" + signedHeaders
                        + ", Signature=" + signature));

        assertSame(parts[0], query, headers, signature);
    }

    /** In the table, examples about headers have them in the form of query parameters. */
    private static Map<String, List<String>> headers(String name, String[] target) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (name.contains("header")) {
            Arrays.stream(target[1].split("&", -1))
                    .map(header -> header.split("=", 2))
                    .forEach(header -> headers.computeIfAbsent(header[0], key -> new ArrayList<>())
                            .add(header[1]));
        }
        return headers;
    }

    private static void assertSame(String path, String query, Map<String, List<String>> headers, String signature)
            throws AuthenticationException {
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .protocol("https")
                .host("example.amazonaws.com")
                .encodedPath(path)
                .headers(headers);
        for (String parameter : query.split("&", -1)) {
            String[] pair = parameter.split("=", 2);
            if (!parameter.isEmpty()) {
                request.appendRawQueryParameter(
                        URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        var given = RequestSignature.of(request.build());
        assertThat(given.signature()).isEqualTo(signature);
        assertThat(Authenticator.sign(request.build(), given, SCOPE, KEY)).isEqualTo(signature);
    }
}
