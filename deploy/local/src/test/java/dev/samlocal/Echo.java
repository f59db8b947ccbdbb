package dev.samlocal;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Sends each message back to its sender. Appends a line to the file {@code GONE} for each disconnect. */
public final class Echo implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {
    private final Map<String, String> environment;

    /** Takes the environment of the function. */
    public Echo(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        var answer = new APIGatewayV2WebSocketResponse();
        answer.setStatusCode(200);
        answer.setBody(event.getBody());
        String gone = environment.get("GONE");
        if (gone != null && event.getRequestContext().getEventType().equals("DISCONNECT")) {
            try {
                Files.writeString(Path.of(gone), "gone\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return answer;
    }
}
