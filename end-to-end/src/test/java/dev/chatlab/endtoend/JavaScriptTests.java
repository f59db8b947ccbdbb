package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.junit.jupiter.api.DynamicTest;

/** Runs the tests of JavaScript modules in GraalJS, an engine without a browser. */
final class JavaScriptTests implements AutoCloseable {

    private static final Path FOLDER = Path.of("src", "test", "resources", "web");

    private final Context context = Context.newBuilder("js")
            .allowIO(IOAccess.newBuilder().allowHostFileAccess(true).build()) // to import other modules
            .option("engine.WarnInterpreterOnly", "false")
            .option("js.esm-eval-returns-exports", "true")
            .option("js.text-encoding", "true")
            .build();

    /** The engine, for a test that adds a function which only a browser has. */
    Context context() {
        return context;
    }

    /** The tests in a file of {@code src/test/resources/web}. Its export {@code tests} maps each name to a function. */
    List<DynamicTest> in(String file) throws IOException {
        Value tests = context.eval(Source.newBuilder("js", FOLDER.resolve(file).toFile())
                        .mimeType("application/javascript+module")
                        .build())
                .getMember("tests");
        List<DynamicTest> all = tests.getMemberKeys().stream()
                .map(name -> DynamicTest.dynamicTest(
                        name, () -> assertPassed(tests.getMember(name).execute())))
                .toList();
        assertThat(all).isNotEmpty();
        return all;
    }

    /** A test fails by throwing, or by rejecting the promise that it returns. */
    private static void assertPassed(Value result) {
        if (!result.canInvokeMember("then")) {
            return;
        }
        // The engine has settled the promise already, because no test waits for anything outside of the engine.
        List<String> outcome = new ArrayList<>();
        ProxyExecutable fulfilled = value -> outcome.add("fulfilled");
        ProxyExecutable rejected = reason -> outcome.add(String.valueOf(reason[0]));
        result.invokeMember("then", fulfilled, rejected);
        assertThat(outcome).containsExactly("fulfilled");
    }

    @Override
    public void close() {
        context.close();
    }
}
