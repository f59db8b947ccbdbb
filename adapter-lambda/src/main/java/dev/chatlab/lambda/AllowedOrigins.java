package dev.chatlab.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Stream;
import io.vavr.control.Option;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origins (RFC 6454) of the pages that may connect.
 *
 * <p>A browser lets any page open a WebSocket, and API Gateway has neither CORS nor a resource policy for WebSocket APIs. So the
 * handler of {@code $connect} checks the origin.
 *
 * @param origins serialised as in RFC 6454, section 6.2
 * @param any whether every origin is allowed
 */
record AllowedOrigins(Set<String> origins, boolean any) {

    private static final String HEADER = "Origin";
    private static final Set<String> ANY = HashSet.of("*", "any");
    private static final Set<String> NONE = HashSet.of("", "none");

    /**
     * Parses origins separated by commas. {@code *} or {@code any} allows every origin; an empty list or {@code none} allows no origin.
     *
     * <p>The two words are for stage variables: API Gateway accepts neither an empty value nor {@code *} in one.
     *
     * @throws IllegalArgumentException naming the entry that is not an origin
     */
    static AllowedOrigins parse(String list) {
        var entries = Stream.of(list.split(",", -1)).map(String::strip).filter(entry -> !NONE.contains(entry));
        return new AllowedOrigins(
                entries.filter(entry -> !ANY.contains(entry))
                        .map(AllowedOrigins::serialised)
                        .collect(HashSet.collector()),
                entries.exists(ANY::contains));
    }

    /** The origin as a browser writes it: in lower case, without the default port of the scheme. */
    private static String serialised(String entry) {
        try {
            URI uri = new URI(entry);
            if (uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
                String port = uri.getPort() < 0 || uri.getPort() == defaultPort(scheme) ? "" : ":" + uri.getPort();
                return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(notAnOrigin(entry), e);
        }
        throw new IllegalArgumentException(notAnOrigin(entry));
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }

    private static String notAnOrigin(String entry) {
        return "ALLOWED_ORIGINS: " + entry + " is not an origin, such as https://chat.example";
    }

    /**
     * The first origin of the handshake that is not allowed; none if the client may connect.
     *
     * <p>A browser always sends the page's origin, and a script cannot change it. A client that is not a browser may send none. Such a
     * client is allowed: it acts with no other user's cookies or network position, and it could send any origin.
     */
    Option<String> foreign(APIGatewayV2WebSocketEvent handshake) {
        return any ? Option.none() : originsOf(handshake).find(origin -> !origins.contains(origin));
    }

    private static Stream<String> originsOf(APIGatewayV2WebSocketEvent handshake) {
        return values(handshake.getHeaders())
                .appendAll(values(handshake.getMultiValueHeaders()).flatMap(Stream::ofAll));
    }

    private static <T> Stream<T> values(@Nullable Map<String, T> headers) {
        return Option.of(headers)
                .toStream()
                .flatMap(Map::entrySet)
                .filter(header -> HEADER.equalsIgnoreCase(header.getKey()))
                .map(Map.Entry::getValue);
    }
}
