package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** The browser client's protocol, in a JavaScript engine without a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebProtocolTest {

    private final Context js = Context.newBuilder("js")
            .option("engine.WarnInterpreterOnly", "false")
            .option("js.esm-eval-returns-exports", "true")
            .build();

    @AfterAll
    void close() {
        js.close();
    }

    @TestFactory
    List<DynamicTest> protocol() throws IOException {
        Value protocol = module(LocalChat.WEB.resolve("protocol.js"));
        Value tests = module(Path.of("src", "test", "resources", "web", "protocol.test.js"))
                .invokeMember("tests", protocol);
        List<DynamicTest> all = new ArrayList<>();
        for (long i = 0; i < tests.getArraySize(); i++) {
            Value test = tests.getArrayElement(i);
            all.add(DynamicTest.dynamicTest(
                    test.getArrayElement(0).asString(),
                    () -> test.getArrayElement(1).executeVoid()));
        }
        assertThat(all).isNotEmpty();
        return all;
    }

    private Value module(Path file) throws IOException {
        return js.eval(Source.newBuilder(
                        "js", Files.readString(file), file.getFileName().toString())
                .mimeType("application/javascript+module")
                .build());
    }
}
