package dev.chatlab.local.iam;

/**
 * Something that a function or a guest asked of an endpoint.
 *
 * @param holder the logical id of the function, or of the identity pool
 */
public record Access(String holder, String action, String resource, boolean permitted) {

    @Override
    public String toString() {
        return holder + (permitted ? " did " : " was denied ") + action + " on " + resource;
    }
}
