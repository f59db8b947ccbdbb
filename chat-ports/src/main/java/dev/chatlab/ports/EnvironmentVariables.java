package dev.chatlab.ports;

import io.vavr.control.Option;
import java.net.URI;
import java.util.Map;

/** Reads settings from environment variables. A missing or wrong variable is named in the exception. */
public record EnvironmentVariables(Map<String, String> environment) {

    /**
     * The value of a variable.
     *
     * @throws IllegalArgumentException if it is not set
     */
    public String required(String name) {
        return Option.of(environment.get(name))
                .getOrElseThrow(() -> new IllegalArgumentException(name + " is not set"));
    }

    /**
     * The URL in a variable, or none if it is not set.
     *
     * @throws IllegalArgumentException if the value is not a URL with a scheme and a host
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
            throw new IllegalArgumentException(name + " is not a URL: " + url, e);
        }
        throw new IllegalArgumentException(name + " is not a URL: " + url);
    }
}
