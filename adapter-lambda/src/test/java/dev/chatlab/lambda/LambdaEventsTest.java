package dev.chatlab.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** API Gateway's events as JSON, read and written with the serialiser of Lambda's runtime. */
class LambdaEventsTest {

    private static final String CONNECT = """
            {"headers":{"Host":"abc123.execute-api.us-east-1.amazonaws.com","Origin":"https://chat.example"},\
            "multiValueHeaders":{"Origin":["https://chat.example"]},"queryStringParameters":{"a":"b"},\
            "requestContext":{"routeKey":"$connect","eventType":"CONNECT","extendedRequestId":"JKJaXmPLvHcESHA=",\
            "requestTime":"01/Jan/2026:12:00:00 +0000","messageDirection":"IN","stage":"dev","connectedAt":1767268800000,\
            "requestTimeEpoch":1767268800123,"identity":{"userAgent":"Mozilla/5.0","sourceIp":"192.0.2.1",\
            "cognitoIdentityId":"us-east-1:1","userArn":"arn:aws:sts::1:assumed-role/guest"},"requestId":"JKJaXFwtPHcFUnA=",\
            "domainName":"abc123.execute-api.us-east-1.amazonaws.com","connectionId":"JKJaXc5SvHcCJ2g=","apiId":"abc123"},\
            "isBase64Encoded":false}""";
    private static final String REGISTER = """
            {"requestContext":{"routeKey":"register","messageId":"JKJbedbvvHcCJ2g=","eventType":"MESSAGE","stage":"dev",\
            "connectedAt":1767268800000,"requestTimeEpoch":1767268800124,"identity":{"sourceIp":"192.0.2.1"},\
            "requestId":"JKJbeH0pvHcFkDw=","connectionId":"JKJaXc5SvHcCJ2g=","apiId":"abc123"},\
            "body":"{\\"action\\":\\"register\\",\\"value\\":\\"Zo\\u00eb \\ud83d\\ude00\\",\\"key\\":\\"0123456789abcdef0123\\"}",\
            "isBase64Encoded":false}""";
    private static final String DISCONNECT = """
            {"headers":null,"requestContext":{"routeKey":"$disconnect","disconnectStatusCode":1005,"eventType":"DISCONNECT",\
            "disconnectReason":"Client-side close frame status not set","stage":"dev","requestTimeEpoch":1767268800125,\
            "identity":{"sourceIp":"192.0.2.1"},"connectionId":"JKJaXc5SvHcCJ2g=","apiId":"abc123","authorizer":{"a":1}},\
            "body":null,"isBase64Encoded":false,"later":{"more":[1,{}]}}""";

    private final PojoSerializer<APIGatewayV2WebSocketEvent> events =
            JacksonFactory.getInstance().getSerializer(APIGatewayV2WebSocketEvent.class);
    private final PojoSerializer<APIGatewayV2WebSocketResponse> responses =
            JacksonFactory.getInstance().getSerializer(APIGatewayV2WebSocketResponse.class);
    private final Functions functions = new Functions(Map.of("ALLOWED_ORIGINS", "https://chat.example"));

    @AfterEach
    void stop() {
        functions.close();
    }

    /** The runtime uses another serialiser if the package has one, or if the runtime has a special one for the type of the event. */
    @Test
    void runtimeUsesItsPlainSerialiserForTheseEvents() {
        assertThat(ServiceLoader.load(CustomPojoSerializer.class)).isEmpty();
        assertThat(LambdaEventSerializers.isLambdaSupportedEvent(APIGatewayV2WebSocketEvent.class.getName()))
                .isFalse();
    }

    @Test
    void eventsWithFieldsUnknownToTheEventClassAreHandled() {
        assertThat(handle("$connect", CONNECT)).containsEntry("statusCode", 200);
        assertThat(handle("register", REGISTER))
                .containsEntry("statusCode", 200)
                .containsEntry(
                        "body",
                        "{\"type\":\"signup\",\"user\":\"Zo\u00eb \ud83d\ude00\",\"rooms\":[],"
                                + "\"key\":\"0123456789abcdef0123\"}");
        assertThat(functions.store().registered()).hasSize(1);
        assertThat(handle("$disconnect", DISCONNECT)).containsEntry("statusCode", 200);
        assertThat(functions.store().registered()).isEmpty();
    }

    /** The response as Lambda sends it to API Gateway. */
    private Map<String, Object> handle(String route, String event) {
        var json = new ByteArrayOutputStream();
        responses.toJson(functions.handle(route, events.fromJson(event)), json);
        return Json.object(json.toString(UTF_8));
    }
}
