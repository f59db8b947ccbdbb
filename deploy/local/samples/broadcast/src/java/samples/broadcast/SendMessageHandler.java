package samples.broadcast;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;

/** Posts a message to every stored connection. */
public class SendMessageHandler implements RequestStreamHandler {
    private ApiGatewayManagementApiClient connections;

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode event = JsonNode.parser().parse(input);
        JsonNode request = event.field("requestContext").orElseThrow();
        var connections = connections(text(request, "domainName"), text(request, "stage"));
        String data = text(JsonNode.parser().parse(text(event, "body")), "data");
        Aws.DYNAMODB.scan(scan -> scan.tableName(Aws.TABLE)).items().forEach(item -> {
            String id = item.get("connectionId").s();
            try {
                connections.postToConnection(post -> post.connectionId(id).data(SdkBytes.fromUtf8String(data)));
            } catch (GoneException e) {
                context.getLogger().log("gone: " + id);
            }
        });
        output.write("{\"statusCode\": 200}".getBytes(StandardCharsets.UTF_8));
    }

    private synchronized ApiGatewayManagementApiClient connections(String domainName, String stage) {
        if (connections == null) {
            connections = ApiGatewayManagementApiClient.builder()
                    .endpointOverride(URI.create("https://" + domainName + "/" + stage))
                    .build();
        }
        return connections;
    }

    private static String text(JsonNode node, String field) {
        return node.field(field).orElseThrow().text();
    }
}
