package dev.samlocal;

import dev.samlocal.iam.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The client of a connection.
 *
 * @param principal the signer of the handshake, where it had to be signed
 */
record Caller(String sourceIp, String userAgent, Optional<Principal> principal) {

    /** The {@code requestContext.identity} of the client's events. */
    Map<String, Object> identity() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("sourceIp", sourceIp);
        identity.put("userAgent", userAgent);
        principal.ifPresent(signer -> {
            identity.put("accountId", signer.account());
            identity.put("accessKey", signer.credentials().accessKeyId());
            identity.put("caller", signer.id());
            identity.put("user", signer.id());
            identity.put("userArn", signer.arn());
            signer.guest().ifPresent(guest -> {
                identity.put("cognitoIdentityPoolId", guest.identityPoolId());
                identity.put("cognitoIdentityId", guest.identityId());
                identity.put("cognitoAuthenticationType", "unauthenticated");
            });
        });
        return identity;
    }
}
