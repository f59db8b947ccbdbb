package dev.chatlab.lambda;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.ports.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.slf4j.MDC;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Formats a log record as one JSON object on one line: {@code timestamp}, {@code level}, {@code logger}, {@code message}, the fields
 * of the logging context (see {@link Invocation}), and {@code error} with its causes. Metrics are JSON documents and stay as they
 * are.
 *
 * <p>The logging context is that of the current thread, so the handler must format each record on the thread that logs it.
 */
final class JsonFormatter extends Formatter {

    @Override
    public String format(LogRecord record) {
        return (Metrics.LOGGER.equals(record.getLoggerName()) ? record.getMessage() : json(record)) + "\n";
    }

    private String json(LogRecord record) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", record.getInstant().toString());
        line.put("level", level(record.getLevel()));
        line.put("logger", String.valueOf(record.getLoggerName()));
        line.put("message", String.valueOf(formatMessage(record)));
        Map<String, String> context = MDC.getCopyOfContextMap();
        if (context != null) {
            context.forEach(line::putIfAbsent);
        }
        Throwable thrown = record.getThrown();
        if (thrown != null) {
            line.put("error", error(thrown, Collections.newSetFromMap(new IdentityHashMap<>())));
        }
        return text(line);
    }

    /** The level's name in Lambda, which can filter lines by it. */
    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        if (level.intValue() >= Level.INFO.intValue()) {
            return "INFO";
        }
        return level.intValue() >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static Map<String, Object> error(Throwable thrown, Set<Throwable> seen) {
        seen.add(thrown);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", thrown.getClass().getName());
        if (hasSafeMessage(thrown)) {
            error.put("message", String.valueOf(thrown.getMessage()));
        }
        error.put(
                "at",
                Arrays.stream(thrown.getStackTrace())
                        .map(StackTraceElement::toString)
                        .toList());
        Throwable cause = thrown.getCause();
        if (cause != null && !seen.contains(cause)) {
            error.put("cause", error(cause, seen));
        }
        return error;
    }

    /** Messages of stores and of the SDK describe the store or AWS. Any other message may quote what a client sent. */
    private static boolean hasSafeMessage(Throwable thrown) {
        return thrown instanceof StoreException || thrown instanceof SdkException;
    }

    private static String text(Map<String, Object> line) {
        try {
            return JSON.std.asString(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
