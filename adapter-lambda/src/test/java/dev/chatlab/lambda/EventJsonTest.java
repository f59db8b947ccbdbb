package dev.chatlab.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events are read and answers written as Lambda itself would, only sooner. */
class EventJsonTest {

    private static final String CONNECT = """
            {"headers":{"Host":"abc123.execute-api.us-east-1.amazonaws.com","Origin":"https://chat.example"},\
            "multiValueHeaders":{"Origin":["https://chat.example"]},"queryStringParameters":{"a":"b"},\
            "requestContext":{"routeKey":"$connect","eventType":"CONNECT","extendedRequestId":"JKJaXmPLvHcESHA=",\
            "requestTime":"01/Jan/2026:12:00:00 +0000","messageDirection":"IN","stage":"dev","connectedAt":1767268800000,\
            "requestTimeEpoch":1767268800123,"identity":{"userAgent":"Mozilla/5.0","sourceIp":"192.0.2.1",\
            "cognitoIdentityId":"us-east-1:1","userArn":"arn:aws:sts::1:assumed-role/guest"},"requestId":"JKJaXFwtPHcFUnA=",\
            "domainName":"abc123.execute-api.us-east-1.amazonaws.com","connectionId":"JKJaXc5SvHcCJ2g=","apiId":"abc123"},\
            "isBase64Encoded":false}""";
    private static final String MESSAGE = """
            {"requestContext":{"routeKey":"dispatch","messageId":"JKJbedbvvHcCJ2g=","eventType":"MESSAGE","stage":"dev",\
            "connectedAt":1767268800000,"requestTimeEpoch":1767268800123,"identity":{"sourceIp":"192.0.2.1"},\
            "requestId":"JKJbeH0pvHcFkDw=","connectionId":"JKJaXc5SvHcCJ2g=","apiId":"abc123"},\
            "body":"{\\"action\\":\\"dispatch\\",\\"value\\":\\"h\\u00e9llo \\ud83d\\ude00\\"}","isBase64Encoded":false}""";
    private static final String DISCONNECT = """
            {"headers":null,"requestContext":{"routeKey":"$disconnect","disconnectStatusCode":1005,"eventType":"DISCONNECT",\
            "disconnectReason":"Client-side close frame status not set","stage":"dev","requestTimeEpoch":1767268800123,\
            "identity":{"sourceIp":"192.0.2.1"},"connectionId":"JKJaXc5SvHcCJ2g=","apiId":"abc123","authorizer":{"a":1}},\
            "body":null,"isBase64Encoded":false,"later":{"more":[1,{}]}}""";

    private final PojoSerializer<APIGatewayV2WebSocketEvent> lambdas =
            JacksonFactory.getInstance().getSerializer(APIGatewayV2WebSocketEvent.class);
    private final EventJson ours = new EventJson();

    @Test
    void lambdaFindsIt() {
        assertThat(ServiceLoader.load(CustomPojoSerializer.class)).hasExactlyElementsOfTypes(EventJson.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {CONNECT, MESSAGE, DISCONNECT, "{}", "{\"requestContext\":{}}"})
    void anEventIsReadAsLambdaReadsIt(String json) {
        APIGatewayV2WebSocketEvent event = lambdas.fromJson(json);

        assertThat(ours.<APIGatewayV2WebSocketEvent>fromJson(json, APIGatewayV2WebSocketEvent.class))
                .isEqualTo(event);
        assertThat(ours.<APIGatewayV2WebSocketEvent>fromJson(
                        new ByteArrayInputStream(json.getBytes(UTF_8)), APIGatewayV2WebSocketEvent.class))
                .isEqualTo(event);
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> ours.fromJson("{", APIGatewayV2WebSocketEvent.class))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void anAnswerIsWrittenAsLambdaWritesIt() throws IOException {
        var answer = new APIGatewayV2WebSocketResponse();
        answer.setStatusCode(200);
        answer.setHeaders(Map.of("a", "b"));
        answer.setMultiValueHeaders(Map.of("c", new String[] {"d", "e"}));
        answer.setBody("{\"type\":\"ack\",\"text\":\"h\u00e9llo \ud83d\ude00\"}");
        var theirs = new ByteArrayOutputStream();
        JacksonFactory.getInstance()
                .getSerializer(APIGatewayV2WebSocketResponse.class)
                .toJson(answer, theirs);
        var written = new ByteArrayOutputStream();
        ours.toJson(answer, written, APIGatewayV2WebSocketResponse.class);

        assertThat(fields(written)).isEqualTo(fields(theirs)).containsEntry("statusCode", 200);
    }

    /** What is left out and what is null are the same to API Gateway. */
    private static Map<String, Object> fields(ByteArrayOutputStream json) throws IOException {
        Map<String, Object> fields = new HashMap<>(JSON.std.mapFrom(json.toString(UTF_8)));
        fields.values().removeIf(java.util.Objects::isNull);
        return fields;
    }
}
