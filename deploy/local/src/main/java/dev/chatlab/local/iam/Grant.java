package dev.chatlab.local.iam;

/**
 * The smallest thing that a role allows: one action on one resource, as its statement writes them.
 *
 * @param function the logical id of the function that has the role
 */
public record Grant(String function, String action, String resource) {

    @Override
    public String toString() {
        return function + " may " + action + " on " + resource;
    }
}
