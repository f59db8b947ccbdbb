package dev.samlocal.iam;

import java.time.Instant;
import java.util.Optional;

/**
 * A session of a role: a function or a guest.
 *
 * @param holder the logical id of the function or identity pool that has the role
 * @param id the role's id and the session's name, as IAM joins them
 * @param expires when the credentials become invalid
 * @param guest the identity, for a guest of an identity pool
 */
public record Principal(
        String account,
        String holder,
        Role role,
        String id,
        String arn,
        Credentials credentials,
        Instant expires,
        Optional<Guest> guest) {

    /** An identity of an identity pool that did not log in. */
    public record Guest(String identityPoolId, String identityId) {}
}
