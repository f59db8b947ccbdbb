package dev.chatlab.endtoend;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Runs the tests of the browser client's protocol. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebProtocolTest {

    private final JavaScriptTests tests = new JavaScriptTests();

    @AfterAll
    void close() {
        tests.close();
    }

    @TestFactory
    List<DynamicTest> protocol() throws IOException {
        return tests.in("protocol.test.js");
    }

    @TestFactory
    List<DynamicTest> network() throws IOException {
        return tests.in("network.test.js");
    }
}
