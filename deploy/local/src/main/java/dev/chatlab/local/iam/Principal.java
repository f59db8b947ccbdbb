package dev.chatlab.local.iam;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody of this account: a session of a role.
 *
 * @param holder the logical id of the function or the identity pool that has the role
 * @param id the role's unique id and the session's name, as IAM puts them together
 * @param expires when the key stops to be good
 * @param guest who it is, where an identity pool vouches for it
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

    /**
     * An identity of an identity pool that did not log in anywhere.
     *
     * @param identityId what the pool calls it
     */
    public record Guest(String identityPoolId, String identityId) {}
}
