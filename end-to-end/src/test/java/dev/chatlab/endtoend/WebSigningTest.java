package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** How the browser client signs and comes to credentials, in a JavaScript engine that is lent Java's cryptography. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSigningTest {

    /** As much of WebCrypto as the client uses, around two functions from hexadecimal to hexadecimal. */
    private static final String WEB_CRYPTO = """
            (sha256, hmac) => {
              const hex = (data) => Array.from(new Uint8Array(data), (b) => b.toString(16).padStart(2, '0')).join('');
              const bytes = (text) => Uint8Array.from(text.match(/../g), (b) => parseInt(b, 16)).buffer;
              globalThis.crypto = {
                subtle: {
                  digest: async (algorithm, data) => {
                    if (algorithm !== 'SHA-256') throw new Error(algorithm);
                    return bytes(sha256(hex(data)));
                  },
                  importKey: async (format, data, { name, hash }, extractable, usages) => {
                    if (`${format} ${name} ${hash} ${usages}` !== 'raw HMAC SHA-256 sign') throw new Error(name);
                    return { data };
                  },
                  sign: async (name, key, data) => bytes(hmac(hex(key.data), hex(data))),
                },
              };
            }
            """;

    private final Context js = Context.newBuilder("js")
            .option("engine.WarnInterpreterOnly", "false")
            .option("js.esm-eval-returns-exports", "true")
            .option("js.text-encoding", "true")
            .build();

    @AfterAll
    void close() {
        js.close();
    }

    @TestFactory
    List<DynamicTest> signing() throws IOException {
        js.eval("js", WEB_CRYPTO).executeVoid(function(WebSigningTest::sha256), function(WebSigningTest::hmac));
        Value tests = module(Path.of("src", "test", "resources", "web", "signing.test.js"))
                .invokeMember(
                        "tests",
                        module(LocalChat.WEB.resolve("sigv4.js")),
                        module(LocalChat.WEB.resolve("credentials.js")));
        List<DynamicTest> all = new ArrayList<>();
        for (long i = 0; i < tests.getArraySize(); i++) {
            Value test = tests.getArrayElement(i);
            all.add(DynamicTest.dynamicTest(
                    test.getArrayElement(0).asString(),
                    () -> settles(test.getArrayElement(1).execute())));
        }
        assertThat(all).isNotEmpty();
        return all;
    }

    /** The engine has run all that was promised when it returns: nothing here waits for anything outside. */
    private static void settles(Value promise) {
        List<String> outcome = new ArrayList<>();
        promise.invokeMember("then", (ProxyExecutable) value -> outcome.add("kept"), (ProxyExecutable)
                reason -> outcome.add(String.valueOf(reason[0])));
        assertThat(outcome).containsExactly("kept");
    }

    private interface OnBytes {
        byte[] apply(byte[]... arguments) throws GeneralSecurityException;
    }

    private static ProxyExecutable function(OnBytes function) {
        return arguments -> {
            byte[][] bytes = new byte[arguments.length][];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = HexFormat.of().parseHex(arguments[i].asString());
            }
            try {
                return HexFormat.of().formatHex(function.apply(bytes));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static byte[] sha256(byte[]... data) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(data[0]);
    }

    private static byte[] hmac(byte[]... keyAndData) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(keyAndData[0], "HmacSHA256"));
        return mac.doFinal(keyAndData[1]);
    }

    private Value module(Path file) throws IOException {
        return js.eval(Source.newBuilder(
                        "js", Files.readString(file), file.getFileName().toString())
                .mimeType("application/javascript+module")
                .build());
    }
}
