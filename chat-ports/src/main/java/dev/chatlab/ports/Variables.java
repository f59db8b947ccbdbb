package dev.chatlab.ports;

import io.vavr.control.Option;
import java.net.URI;
import java.util.Map;

/** What an environment says, for whoever is opened by one; what is missing or wrong is named. */
public record Variables(Map<String, String> environment) {

    /**
     * What a variable says that has to be there.
     *
     * @throws IllegalArgumentException if it is not set
     */
    public String required(String name) {
        return Option.of(environment.get(name))
                .getOrElseThrow(() -> new IllegalArgumentException(name + " is not set"));
    }

    /**
     * The URL that a variable says, or none if it is not set.
     *
     * @throws IllegalArgumentException if it is no URL with a scheme and a host
     */
    public Option<URI> url(String name) {
        return Option.of(environment.get(name)).map(url -> url(name, url));
    }

    private static URI url(String name, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getScheme() != null && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is no URL: " + url, e);
        }
        throw new IllegalArgumentException(name + " is no URL: " + url);
    }
}
