package samples.broadcast;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The table of connections, which all functions share. */
final class Aws {
    static final String TABLE = System.getenv("CONNECTIONS_TABLE");
    static final DynamoDbClient DYNAMODB = DynamoDbClient.create();

    private Aws() {}

    static Map<String, AttributeValue> key(String connectionId) {
        return Map.of("connectionId", AttributeValue.fromS(connectionId));
    }
}
