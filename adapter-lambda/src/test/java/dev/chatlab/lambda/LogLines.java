package dev.chatlab.lambda;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Everything that the process logs, at every level and whoever logs it, as the functions write it, until it is closed. */
final class LogLines extends Handler {

    private static final Logger ROOT = Logger.getLogger("");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final JsonFormatter formatter = new JsonFormatter();
    private final @Nullable Level before = ROOT.getLevel();

    LogLines() {
        setLevel(Level.ALL);
        ROOT.addHandler(this);
        ROOT.setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(formatter.format(record));
    }

    /** As they were written, each with its end. */
    List<String> written() {
        return List.copyOf(lines);
    }

    /** Those of one logger, or of those under a name. */
    List<Map<String, Object>> of(String logger) {
        return lines.stream()
                .map(LogLines::parsed)
                .filter(line -> String.valueOf(line.get("logger")).startsWith(logger))
                .toList();
    }

    List<Map<String, Object>> metrics() {
        return lines.stream()
                .map(LogLines::parsed)
                .filter(line -> line.containsKey("_aws"))
                .toList();
    }

    static Map<String, Object> parsed(String line) {
        try {
            return JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        ROOT.removeHandler(this);
        ROOT.setLevel(before);
    }
}
