package dev.chatlab.local.iam;

/**
 * Something that a function asked of an endpoint.
 *
 * @param function its logical id
 */
public record Access(String function, String action, String resource, boolean permitted) {

    @Override
    public String toString() {
        return function + (permitted ? " did " : " was denied ") + action + " on " + resource;
    }
}
