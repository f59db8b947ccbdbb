package dev.chatlab.local;

/** Who is at the other end of a connection, as {@code requestContext.identity} tells it. */
record Caller(String sourceIp, String userAgent) {}
