package dev.chatlab.dynamodb;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.dynamodb.services.local.embedded.DynamoDBEmbedded;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** DynamoDB Local in this process, behind a real socket. All tests share it. */
final class TestDynamoDb {

    /** More than the threads of any test, so that no request waits for a connection. */
    private static final int MAX_CONNECTIONS = 1000;

    private static final TestDynamoDb RUNNING = new TestDynamoDb();

    private final URI endpoint;
    private final DynamoDbClient client;
    private final AtomicInteger tables = new AtomicInteger();

    private TestDynamoDb() {
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        try {
            server.setHandler(
                    new LocalDynamoDBServerHandler(new LocalDynamoDBRequestHandler(0, true, null, true, false), null));
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not start", e);
        }
        endpoint = URI.create("http://127.0.0.1:" + connector.getLocalPort());
        client = client(new ExecutionInterceptor() {});
    }

    static URI endpoint() {
        return RUNNING.endpoint;
    }

    static DynamoDbClient client() {
        return RUNNING.client;
    }

    static DynamoDbClient clientWith(ExecutionInterceptor interceptor) {
        return RUNNING.client(interceptor);
    }

    private DynamoDbClient client(ExecutionInterceptor interceptor) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(MAX_CONNECTIONS)
                        .connectionTimeout(Duration.ofSeconds(5))
                        .socketTimeout(Duration.ofSeconds(20)))
                .overrideConfiguration(override -> override.addExecutionInterceptor(interceptor))
                .build();
    }

    /** A client of another DynamoDB Local, which it calls directly: without a socket, a call takes a fraction of a millisecond. */
    static DynamoDbClient embedded() {
        boolean withoutTelemetry = true;
        return DynamoDBEmbedded.create(withoutTelemetry).dynamoDbClient();
    }

    /** Creates two empty tables with unique names. */
    static Tables tables() {
        return tables(client());
    }

    static Tables tables(DynamoDbClient client) {
        int number = RUNNING.tables.incrementAndGet();
        return new Tables(
                table(client, "client-records-" + number, "pk", "sk"),
                table(client, "room-messages-users-" + number, "pk", "sk"));
    }

    static DynamoDbChatStore store(DynamoDbClient client, Tables tables, InstantSource clock) {
        return new DynamoDbChatStore(client, tables, Duration.ofDays(30), clock);
    }

    static void drop(Tables tables) {
        drop(client(), tables);
    }

    static void drop(DynamoDbClient client, Tables tables) {
        client.deleteTable(delete -> delete.tableName(tables.clientRecords()));
        client.deleteTable(delete -> delete.tableName(tables.roomMessagesUsers()));
    }

    static String table(String name) {
        return table(client(), name, "pk", "sk");
    }

    static String tableWithKeys(String name, String partition, String sort) {
        return table(client(), name, partition, sort);
    }

    private static String table(DynamoDbClient client, String name, String partition, String sort) {
        client.createTable(create -> create.tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key(partition, KeyType.HASH), key(sort, KeyType.RANGE))
                .attributeDefinitions(text(partition), text(sort)));
        return name;
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }
}
