package dev.chatlab.lambda;

import dev.chatlab.ports.Gateway;
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
 * The pages whose scripts may open a connection, by their origin (RFC 6454). API Gateway has neither CORS nor a resource policy
 * for WebSockets, and a browser lets any page open one: so {@code $connect} has to look.
 *
 * @param origins serialised as in RFC 6454, section 6.2
 * @param any whether every origin will do
 */
record AllowedOrigins(Set<String> origins, boolean any) {

    private static final String HEADER = "Origin";

    /**
     * Reads a comma-separated list; {@code *} in it stands for any origin, and an empty list for none.
     *
     * @throws IllegalArgumentException if something in it is not an origin
     */
    static AllowedOrigins parse(String list) {
        var entries = Stream.of(list.split(",", -1)).map(String::strip).filter(entry -> !entry.isEmpty());
        return new AllowedOrigins(
                entries.filter(entry -> !entry.equals("*"))
                        .map(AllowedOrigins::serialised)
                        .collect(HashSet.collector()),
                entries.contains("*"));
    }

    /** As a browser writes it: in lower case, without the port that the scheme implies. */
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
     * Whether whoever sent this handshake may connect. Every browser says the page's origin, and a script cannot change it;
     * programs that are no browser say none. They carry nobody's cookies or network position to be abused, and could write
     * any origin they liked: so no origin is no reason to refuse.
     */
    boolean admit(APIGatewayV2WebSocketEvent handshake) {
        return foreign(handshake).isEmpty();
    }

    /** The origin because of which it may not. */
    Option<String> foreign(APIGatewayV2WebSocketEvent handshake) {
        return any ? Option.none() : sent(handshake).find(origin -> !origins.contains(origin));
    }

    private static Stream<String> sent(APIGatewayV2WebSocketEvent handshake) {
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
