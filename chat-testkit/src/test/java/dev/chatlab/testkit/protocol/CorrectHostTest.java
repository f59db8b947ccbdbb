package dev.chatlab.testkit.protocol;

import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A correct host keeps the contract. */
class CorrectHostTest extends ChatProtocolContract {

    private static TestHost host;

    @BeforeAll
    static void start() {
        host = new TestHost();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Override
    protected URI endpoint() {
        return host.endpoint();
    }

    @Override
    protected boolean promisesOrder() {
        return host.promisesOrder();
    }
}
