package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samlocal.GatewayConfig;
import dev.samlocal.LocalGateway;
import dev.samlocal.dynamodb.DynamoDb;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A wrong deployment is reported in one line, as early as it can be known. */
class BadDeploymentTest {

    private static final Map<String, String> WITHOUT_CREDENTIALS = Map.of(
            "aws.disableEc2Metadata", "true",
            "aws.configFile", "target/no-such-file",
            "aws.sharedCredentialsFile", "target/no-such-file");

    private static LocalGateway gateway;
    private static String dynamoDb;

    private final Logger functions = Logger.getLogger("dev.chatlab.lambda");
    private final Lines lines = new Lines();

    @BeforeAll
    static void start() {
        gateway = LocalGateway.start(
                GatewayConfig.of(LocalChat.TEMPLATE).withDynamoDb(new DynamoDb.InProcess(Optional.empty())));
        dynamoDb = gateway.dynamoDb().orElseThrow().toString();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void listen() {
        functions.addHandler(lines);
        WITHOUT_CREDENTIALS.forEach(System::setProperty);
    }

    @AfterEach
    void stopListening() {
        functions.removeHandler(lines);
        WITHOUT_CREDENTIALS.keySet().forEach(System::clearProperty);
    }

    // --- at the start ---

    static Stream<Arguments> functionsAndVariables() {
        return Deployed.functions().keySet().stream()
                .flatMap(route -> Stream.of("TABLE_CR", "TABLE_RMU", "AWS_REGION")
                        .map(variable -> Arguments.of(route, variable)));
    }

    @ParameterizedTest
    @MethodSource("functionsAndVariables")
    void functionWithoutRequiredVariableDoesNotStart(String route, String variable) {
        Map<String, String> environment = Deployed.environment(dynamoDb);
        environment.remove(variable);

        assertThatThrownBy(() -> Deployed.start(route, environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(variable + " is not set");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        CHAT_STORE                | paper      | CHAT_STORE is paper: there are
        CHAT_RETENTION_DAYS       | 0          | CHAT_RETENTION_DAYS is 0: not a number of days from 1
        CHAT_MANAGEMENT_ENDPOINT  | localhost  | CHAT_MANAGEMENT_ENDPOINT is not a URL: localhost
        AWS_ENDPOINT_URL_DYNAMODB | localhost  | AWS_ENDPOINT_URL_DYNAMODB is not a URL: localhost
        """)
    void functionWithWrongVariableDoesNotStart(String variable, String value, String message) {
        Map<String, String> environment = Deployed.environment(dynamoDb);
        environment.put(variable, value);

        assertThatThrownBy(() -> Deployed.start("dispatch", environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void wrongOriginStopsOnlyTheConnectFunction() throws Throwable {
        Map<String, String> environment = Deployed.environment(dynamoDb);
        environment.put("ALLOWED_ORIGINS", "chat.example");

        assertThatThrownBy(() -> Deployed.start("$connect", environment))
                .hasMessage("ALLOWED_ORIGINS: chat.example is not an origin, such as https://chat.example");
        assertThat(Deployed.start("dispatch", environment)).isNotNull();
    }

    // --- on first use ---

    @Test
    void missingTableIsNamedInTheLog() throws Throwable {
        assertThat(failureWith("TABLE_CR", "no-such-clients", "$connect"))
                .isEqualTo("the request failed: cannot read connection/ann in table no-such-clients: "
                        + "there is no such table");
        assertThat(failureWith("TABLE_RMU", "no-such-rooms", "dispatch"))
                .isEqualTo("the request failed: cannot read room/hall in table no-such-rooms: there is no such table");
    }

    @Test
    void tableWithOtherKeysIsNamedInTheLog() throws Throwable {
        table("other-keys");

        assertThat(failureWith("TABLE_CR", "other-keys", "$connect"))
                .startsWith("the request failed: cannot read connection/ann in table other-keys: ")
                .contains("key");
    }

    @Test
    void closedPortIsReportedInTheLog() throws Throwable {
        assertThat(failureWith("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1", "$connect"))
                .startsWith("the request failed: cannot read connection/ann in table ")
                .contains("DynamoDB did not answer (")
                .contains("Connection refused");
    }

    @Test
    void endpointThatIsNotDynamoDbIsReportedInTheLog() throws Throwable {
        assertThat(failureWith("AWS_ENDPOINT_URL_DYNAMODB", gateway.endpoint(), "$connect"))
                .startsWith("the request failed: cannot read connection/ann in table ");
    }

    @Test
    void missingCredentialsAreReportedInTheLog() throws Throwable {
        assertThat(failureWith("AWS_ACCESS_KEY_ID", null, "$connect"))
                .startsWith("the request failed: cannot read connection/ann in table ")
                .endsWith(": no AWS credentials were found");
    }

    /** The only log line of a function that runs with one other variable. */
    private String failureWith(String variable, @org.jspecify.annotations.Nullable String value, String route)
            throws Throwable {
        Map<String, String> environment = Deployed.environment(dynamoDb);
        if (value == null) {
            environment.remove(variable);
        } else {
            environment.put(variable, value);
        }
        lines.all.clear();
        var response = Deployed.start(route, environment)
                .handle(route.equals("dispatch") ? "{\"action\":\"dispatch\",\"value\":\"x\",\"room\":\"hall\"}" : "");

        assertThat(response.getBody()).contains("\"code\":\"internal\"");
        assertThat(lines.all).singleElement().asString().doesNotContain("\n");
        return lines.all.get(0);
    }

    private static void table(String name) {
        try (DynamoDbClient client = DynamoDbClient.builder()
                .endpointOverride(URI.create(dynamoDb))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build()) {
            client.createTable(create -> create.tableName(name)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(KeySchemaElement.builder()
                            .attributeName("id")
                            .keyType(KeyType.HASH)
                            .build())
                    .attributeDefinitions(AttributeDefinition.builder()
                            .attributeName("id")
                            .attributeType(ScalarAttributeType.S)
                            .build()));
        }
    }

    private static final class Lines extends Handler {

        private final List<String> all = new ArrayList<>();

        @Override
        public synchronized void publish(LogRecord record) {
            if (record.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                all.add(record.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
