package dev.chatlab.endtoend;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Runs the tests of the browser client's signatures and credentials. Java provides the cryptography that a browser has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSigningTest {

    /** The part of WebCrypto that the client uses. The two functions take and return bytes in hexadecimal. */
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

    private final JavaScriptTests tests = new JavaScriptTests();

    @BeforeAll
    void defineWebCrypto() {
        tests.context().eval("js", WEB_CRYPTO).executeVoid(onHex(WebSigningTest::sha256), onHex(WebSigningTest::hmac));
    }

    @AfterAll
    void close() {
        tests.close();
    }

    @TestFactory
    List<DynamicTest> signatures() throws IOException {
        return tests.in("sigv4.test.js");
    }

    @TestFactory
    List<DynamicTest> credentials() throws IOException {
        return tests.in("credentials.test.js");
    }

    private interface BytesFunction {
        byte[] apply(byte[]... arguments) throws GeneralSecurityException;
    }

    private static ProxyExecutable onHex(BytesFunction function) {
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
}
