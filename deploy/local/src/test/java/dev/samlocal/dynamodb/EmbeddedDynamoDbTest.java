package dev.samlocal.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samlocal.iam.AccessControl;
import dev.samlocal.iam.Permissions;
import dev.samlocal.template.BackingResources.Table;
import dev.samlocal.template.StartException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DynamoDB Local, with and without a folder for its data. */
class EmbeddedDynamoDbTest {

    private static final Table THINGS = new Table(
            "Things",
            Map.of(
                    "BillingMode", "PAY_PER_REQUEST",
                    "KeySchema", List.of(Map.of("AttributeName", "pk", "KeyType", "HASH")),
                    "AttributeDefinitions", List.of(Map.of("AttributeName", "pk", "AttributeType", "S"))));
    private static final String ITEM = "{\"TableName\": \"Things\", \"%s\": {\"pk\": {\"S\": \"an item\"}}}";

    @Test
    void itemsInFolderSurviveRestart(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("new").resolve("folder");
        try (var engine = start(data)) {
            DeclaredTables.create(List.of(THINGS), engine.endpoint(), "us-east-1");
            assertThat(call(engine.endpoint(), "PutItem", ITEM.formatted("Item")))
                    .isEqualTo("{}");
        }
        try (var engine = start(data)) {
            DeclaredTables.create(List.of(THINGS), engine.endpoint(), "us-east-1");
            assertThat(call(engine.endpoint(), "GetItem", ITEM.formatted("Key")))
                    .contains("an item");
        }
    }

    @Test
    void itemsInMemoryDoNotSurviveRestart() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (var engine = EmbeddedDynamoDb.start(Optional.empty(), access())) {
                DeclaredTables.create(List.of(THINGS), engine.endpoint(), "us-east-1");
                assertThat(call(engine.endpoint(), "GetItem", ITEM.formatted("Key")))
                        .isEqualTo("{}");
                call(engine.endpoint(), "PutItem", ITEM.formatted("Item"));
            }
        }
    }

    @Test
    void folderIsLockedByOneEngine(@TempDir Path folder) {
        try (var engine = start(folder)) {
            assertThat(engine.endpoint()).hasHost("127.0.0.1");
            assertThatThrownBy(() -> start(folder))
                    .isInstanceOf(StartException.class)
                    .hasMessage("cannot keep data in " + folder + ": this process uses it already");
        }
    }

    @Test
    void fileThatIsNoDatabaseIsLeftUnchanged(@TempDir Path folder) throws Exception {
        String text = "not a database\n".repeat(99);
        Path database = Files.writeString(folder.resolve("shared-local-instance.db"), text);

        assertThatThrownBy(() -> start(folder))
                .isInstanceOf(StartException.class)
                .hasMessageMatching("cannot keep data in .*: its database cannot be opened: .*not a database.*");
        assertThat(database).hasContent(text);
    }

    private static EmbeddedDynamoDb start(Path folder) {
        return EmbeddedDynamoDb.start(Optional.of(folder), access());
    }

    private static AccessControl access() {
        return new AccessControl(
                "000000000000", "us-east-1", Map.of(), Permissions.OF_TEMPLATE, InstantSource.system());
    }

    private static String call(URI endpoint, String operation, String body) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(endpoint)
                                    .header("Content-Type", "application/x-amz-json-1.0")
                                    .header("X-Amz-Target", "DynamoDB_20120810." + operation)
                                    .header(
                                            "Authorization",
                                            "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
                                                    + " SignedHeaders=host, Signature=none")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
