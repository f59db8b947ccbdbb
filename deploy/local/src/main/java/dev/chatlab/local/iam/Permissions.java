package dev.chatlab.local.iam;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How far functions and guests have what their roles allow; asked at each request, from many threads.
 *
 * @param granted which of the roles' grants hold
 * @param observer learns of every access that was checked
 */
public record Permissions(Predicate<Grant> granted, Consumer<Access> observer) {

    /** What the template grants, no more and no less. */
    public static final Permissions OF_TEMPLATE = new Permissions(grant -> true, access -> {});
}
