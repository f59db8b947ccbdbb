package dev.chatlab.bare;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Puts one item, with everything as the SDK has it by default. */
public final class PutItemHandler implements RequestHandler<Map<String, String>, String> {

    private final DynamoDbClient client = DynamoDbClient.create();
    private final String table = System.getenv("TABLE");

    @Override
    public String handleRequest(Map<String, String> event, Context context) {
        client.putItem(put -> put.tableName(table)
                .item(Map.of(
                        "pk", AttributeValue.fromS(event.get("pk")), "sk", AttributeValue.fromS(event.get("sk")))));
        return "put";
    }
}
