package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.crac.Core;
import dev.chatlab.local.GatewayConfig;
import dev.chatlab.local.LocalGateway;
import dev.chatlab.local.dynamodb.DynamoDb;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions between being made and being restored, in the context that Lambda's own runtime has for it. */
class SnapshotTest {

    /** The SDK writes a line for each request. */
    private static final Logger REQUESTS = Logger.getLogger("software.amazon.awssdk.request");

    @ParameterizedTest
    @CsvSource({
        // The session alone, which is all that its role lets it read.
        "$connect, 1",
        // The session, and the room's head and its roster.
        "dispatch, 3",
        "register, 3",
        "$disconnect, 3"
    })
    void aFunctionReadsItsTablesBeforeTheSnapshotAndWorksAfterIt(String route, int reads) throws Throwable {
        var sent = new Sent();
        Level before = REQUESTS.getLevel();
        try (var gateway = LocalGateway.start(
                GatewayConfig.of(LocalChat.TEMPLATE).withDynamoDb(new DynamoDb.InProcess(Optional.empty())))) {
            Map<String, String> environment =
                    Deployed.environment(gateway.dynamoDb().orElseThrow().toString());
            environment.put("AWS_LAMBDA_RUNTIME_API", "here");
            Deployed function = Deployed.start(route, environment);
            // Lambda's context forgets what nobody else holds.
            System.gc();
            REQUESTS.setLevel(Level.FINE);
            REQUESTS.addHandler(sent);

            Core.getGlobalContext().beforeCheckpoint(null);
            assertThat(sent.requests).hasValue(reads);
            Core.getGlobalContext().afterRestore(null);
            assertThat(sent.requests).hasValue(reads);

            assertThat(function.handle("{\"action\":\"" + route + "\",\"value\":\"x\",\"room\":\"hall\"}")
                            .getBody())
                    .doesNotContain("internal");
        } finally {
            REQUESTS.removeHandler(sent);
            REQUESTS.setLevel(before);
        }
    }

    private static final class Sent extends Handler {

        private final AtomicInteger requests = new AtomicInteger();

        @Override
        public void publish(LogRecord record) {
            if (record.getMessage().startsWith("Sending Request")) {
                requests.incrementAndGet();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
