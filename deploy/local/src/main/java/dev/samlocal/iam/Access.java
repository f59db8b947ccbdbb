package dev.samlocal.iam;

/**
 * One request that was checked against a role's permissions.
 *
 * @param holder the logical id of the function or identity pool that has the role
 */
public record Access(String holder, String action, String resource, boolean permitted) {}
