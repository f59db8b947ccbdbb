package dev.samlocal.dynamodb;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The DynamoDB that functions use. */
public sealed interface DynamoDb {

    /**
     * DynamoDB Local in this process, on a loopback port of its own, with the template's tables. It checks the permissions of the
     * functions' roles.
     *
     * @param data the folder that keeps the items; without one they are in memory
     */
    record InProcess(Optional<Path> data) implements DynamoDb {}

    /**
     * Another DynamoDB, which does its own permission checks. The template's tables are created where they are missing, but only
     * if the endpoint is on this machine.
     */
    record At(URI endpoint) implements DynamoDb {}
}
