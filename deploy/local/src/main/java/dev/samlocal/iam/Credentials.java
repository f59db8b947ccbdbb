package dev.samlocal.iam;

/** Temporary credentials of a role. */
public record Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {}
