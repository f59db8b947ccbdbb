package dev.chatlab.local.dynamodb;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where the functions find DynamoDB. */
public sealed interface DynamoDb {

    /**
     * DynamoDB Local in this process, on a loopback port of its own, with the tables that the template declares. It checks what
     * the functions' roles allow.
     *
     * @param data the folder to keep the items in; without one they are gone when this process ends
     */
    record InProcess(Optional<Path> data) implements DynamoDb {}

    /**
     * Any other. What the functions may do there is its own affair. Only where it is on this machine are the tables that the
     * template declares created, as far as they are missing.
     */
    record At(URI endpoint) implements DynamoDb {}
}
