package dev.chatlab.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.chatlab.ports.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The format of log lines, and the loggers that write them. */
class LoggingTest {

    private final JsonFormatter formatter = new JsonFormatter();

    @Property
    void anyMessageIsOneLineOfJson(@ForAll String message, @ForAll String logger) {
        var record = new LogRecord(Level.INFO, message);
        record.setLoggerName(logger);

        String line = formatter.format(record);

        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(Json.object(line)).containsEntry("message", message).containsEntry("logger", logger);
    }

    @Example
    void lineHasTimeLevelLoggerAndMessage() {
        var record = new LogRecord(Level.WARNING, "two\nlines, \"quoted\"");
        record.setLoggerName("some.Logger");
        record.setInstant(Instant.parse("2026-06-01T12:00:00.123Z"));

        assertThat(formatter.format(record))
                .isEqualTo("{\"timestamp\":\"2026-06-01T12:00:00.123Z\",\"level\":\"WARN\",\"logger\":\"some.Logger\","
                        + "\"message\":\"two\\nlines, \\\"quoted\\\"\"}\n");
    }

    @Example
    void levelsHaveLambdasNames() {
        assertThat(List.of(
                        Level.SEVERE, Level.WARNING, Level.INFO, Level.CONFIG, Level.FINE, Level.FINER, Level.FINEST))
                .extracting(level ->
                        Json.object(formatter.format(new LogRecord(level, ""))).get("level"))
                .containsExactly("ERROR", "WARN", "INFO", "DEBUG", "DEBUG", "TRACE", "TRACE");
    }

    @Example
    void contextAddsFieldsAndReplacesNone() {
        MDC.put("connection", "a");
        MDC.put("level", "x");
        try {
            assertThat(Json.object(formatter.format(new LogRecord(Level.INFO, "hello"))))
                    .containsEntry("connection", "a")
                    .containsEntry("level", "INFO");
        } finally {
            MDC.clear();
        }
    }

    @Example
    void errorHasTypeStackAndCauses() {
        var record = new LogRecord(Level.SEVERE, "oh");
        record.setThrown(new StoreException("cannot read", new IllegalStateException("text of a message")));

        Map<String, Object> line = Json.object(formatter.format(record));
        assertThat(line)
                .extractingByKey("error", as(MAP))
                .containsEntry("type", "dev.chatlab.ports.StoreException")
                .containsEntry("message", "cannot read")
                .hasEntrySatisfying(
                        "at", at -> assertThat((List<?>) at).first().asString().contains("LoggingTest"));
        // The message of a defect may quote what a client sent.
        assertThat(line)
                .extractingByKey("error", as(MAP))
                .extractingByKey("cause", as(MAP))
                .containsEntry("type", "java.lang.IllegalStateException")
                .containsKey("at")
                .doesNotContainKey("message");
    }

    @Example
    void circleOfCausesEnds() {
        var first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        var record = new LogRecord(Level.SEVERE, "oh");
        record.setThrown(first);

        assertThat(Json.object(formatter.format(record))).containsKey("error");
    }

    // --- loggers ---

    @Example
    void onLambdaAllLoggersWriteJsonFromTheConfiguredLevel() {
        String lines =
                linesOf(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_LAMBDA_LOG_LEVEL", "WARN"), () -> {
                    LoggerFactory.getLogger("some.library").info("not written");
                    LoggerFactory.getLogger("some.library").warn("written");
                    LoggerFactory.getLogger(Invocation.class).error("also written");
                    LoggerFactory.getLogger(Metrics.LOGGER).info("{\"_aws\":{}}");
                });

        assertThat(lines.lines().map(Json::object))
                .extracting(line -> line.get("message"))
                .containsExactly("written", "also written", null);
        assertThat(lines).endsWith("{\"_aws\":{}}\n");
    }

    @Example
    void httpClientLogsNoTrafficAtDebug() {
        String lines =
                linesOf(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_LAMBDA_LOG_LEVEL", "DEBUG"), () -> {
                    LoggerFactory.getLogger("some.library").debug("written");
                    LoggerFactory.getLogger("org.apache.hc.client5.http.wire").debug("a user's message");
                    LoggerFactory.getLogger("org.apache.hc.client5.http.headers")
                            .debug("a signature");
                });

        assertThat(lines.lines().map(Json::object))
                .extracting(line -> line.get("message"))
                .containsExactly("written");
    }

    @Example
    void outsideOfLambdaOnlyTheFunctionsLoggersWriteJson() {
        String lines = linesOf(Map.of(), () -> {
            LoggerFactory.getLogger("some.library").warn("not written");
            LoggerFactory.getLogger(Invocation.class).warn("written");
            LoggerFactory.getLogger(Metrics.LOGGER).info("{\"_aws\":{}}");
        });

        assertThat(lines.lines().map(Json::object))
                .singleElement()
                .satisfies(line -> assertThat(line).containsEntry("message", "written"));
    }

    @Example
    void existingConfigurationIsNotChanged() {
        Handler[] before = Logger.getLogger("").getHandlers();

        Logging.install(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"));

        assertThat(System.getProperty("java.util.logging.config.file")).isNotNull();
        assertThat(Logger.getLogger("").getHandlers()).isEqualTo(before);
    }

    /** The lines that an action writes in a process where only the root level is configured, as {@code WARNING}. */
    private static String linesOf(Map<String, String> environment, Runnable action) {
        var written = new ByteArrayOutputStream();
        var root = Logger.getLogger("");
        var functions = Logger.getLogger("dev.chatlab.lambda");
        var metrics = Logger.getLogger(Metrics.LOGGER);
        String file = System.clearProperty("java.util.logging.config.file");
        PrintStream err = System.err;
        Handler[] handlers = root.getHandlers();
        for (Handler handler : handlers) {
            root.removeHandler(handler);
        }
        System.setErr(new PrintStream(written, true, UTF_8));
        try {
            Logging.install(environment);
            Logging.install(environment);
            action.run();
        } finally {
            System.setErr(err);
            System.setProperty("java.util.logging.config.file", Objects.requireNonNull(file));
            for (Logger logger : List.of(root, functions)) {
                for (Handler handler : logger.getHandlers()) {
                    logger.removeHandler(handler);
                }
            }
            for (Handler handler : handlers) {
                root.addHandler(handler);
            }
            root.setLevel(Level.WARNING);
            functions.setUseParentHandlers(true);
            metrics.setLevel(null);
        }
        return written.toString(UTF_8);
    }
}
