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
}
