package dev.samlocal.iam;

/**
 * One action on one resource, as a statement of a role writes them: the smallest part of a role's permissions.
 *
 * @param holder the logical id of the function or identity pool that has the role
 */
public record Grant(String holder, String action, String resource) {

    @Override
    public String toString() {
        return holder + " may " + action + " on " + resource;
    }
}
