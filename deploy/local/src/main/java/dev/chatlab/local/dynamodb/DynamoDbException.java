package dev.chatlab.local.dynamodb;

/** A DynamoDB that cannot be used; its message is one line. */
public final class DynamoDbException extends RuntimeException {
    DynamoDbException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    DynamoDbException(String message) {
        super(oneLine(message));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
