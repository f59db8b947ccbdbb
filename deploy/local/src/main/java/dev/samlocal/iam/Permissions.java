package dev.samlocal.iam;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Narrows and observes the permissions that roles grant. Called for each request, from many threads.
 *
 * @param granted which grants of the roles are in force
 * @param observer receives every checked access
 */
public record Permissions(Predicate<Grant> granted, Consumer<Access> observer) {

    /** The template's grants, all in force. */
    public static final Permissions OF_TEMPLATE = new Permissions(grant -> true, access -> {});

    /**
     * One action on one resource, as a statement of a role writes them: the smallest part of a role's permissions.
     *
     * @param holder the logical id of the function or identity pool that has the role
     */
    public record Grant(String holder, String action, String resource) {}

    /**
     * One request that was checked.
     *
     * @param holder the logical id of the function or identity pool that has the role
     */
    public record Access(String holder, String action, String resource, boolean permitted) {}
}
