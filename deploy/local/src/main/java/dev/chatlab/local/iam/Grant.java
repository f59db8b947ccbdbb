package dev.chatlab.local.iam;

/**
 * The smallest thing that a role allows: one action on one resource, as its statement writes them.
 *
 * @param holder the logical id of the function or the identity pool that has the role
 */
public record Grant(String holder, String action, String resource) {

    @Override
    public String toString() {
        return holder + " may " + action + " on " + resource;
    }
}
