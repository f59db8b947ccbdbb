package dev.chatlab.local;

import dev.chatlab.local.iam.Principal;
import java.util.Optional;

/**
 * Who is at the other end of a connection, as {@code requestContext.identity} tells it.
 *
 * @param principal who has signed the handshake, where it had to be signed
 */
record Caller(String sourceIp, String userAgent, Optional<Principal> principal) {}
