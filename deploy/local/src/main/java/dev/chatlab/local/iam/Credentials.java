package dev.chatlab.local.iam;

/** The key of a role's session. */
public record Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {}
