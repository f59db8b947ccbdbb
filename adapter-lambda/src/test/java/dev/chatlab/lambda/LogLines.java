package dev.chatlab.lambda;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Captures what the process logs through all loggers at every level, in the functions' format, until it is closed. */
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

    /** The lines as text, each with its line break. */
    List<String> written() {
        return List.copyOf(lines);
    }

    /** The lines of the loggers whose names start with this text. */
    List<Map<String, Object>> of(String logger) {
        return lines.stream()
                .map(Json::object)
                .filter(line -> String.valueOf(line.get("logger")).startsWith(logger))
                .toList();
    }

    /** The documents with metrics. */
    List<Map<String, Object>> metrics() {
        return lines.stream()
                .map(Json::object)
                .filter(line -> line.containsKey("_aws"))
                .toList();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        ROOT.removeHandler(this);
        ROOT.setLevel(before);
    }
}
