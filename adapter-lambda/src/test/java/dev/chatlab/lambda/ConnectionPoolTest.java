package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The number of TCP connections that the gateway opens to the {@code @connections} API. On AWS each costs a TLS handshake. */
class ConnectionPoolTest {

    private static final int RECIPIENTS = 200;
    private static final int PARALLEL = ChatApplication.PARALLEL_POSTS;

    private final Functions functions = new Functions();

    @AfterEach
    void stop() {
        functions.close();
    }

    @Test
    void twoHundredPostsWithSixtyFourInParallelOpenSixtyFourConnections() {
        for (int i = 0; i < RECIPIENTS; i++) {
            functions.connectAndRegister("connection-" + i, "user-" + i);
        }
        functions.connectAndRegister("creator", "creator");
        int before = functions.api.posts().size();
        functions.api.holdUntilInParallel(PARALLEL);

        functions.send("creator", "new-room", "{'action':'new-room','value':'hall'}");

        assertThat(functions.api.posts().size() - before).isGreaterThanOrEqualTo(RECIPIENTS);
        assertThat(functions.api.maxInParallel()).isEqualTo(PARALLEL).isEqualTo(64);
        assertThat(functions.api.acceptedConnections()).isEqualTo(PARALLEL);
    }
}
