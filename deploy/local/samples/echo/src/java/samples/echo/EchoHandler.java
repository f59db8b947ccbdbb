package samples.echo;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** Responds to each message with its text, after a greeting from the function's environment. */
public class EchoHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {

    @Override
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
        context.getLogger().log("received " + event.get("body"));
        return Map.of("statusCode", 200, "body", System.getenv("GREETING") + ": " + event.get("body"));
    }
}
