package dev.chatlab.lambda;

import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where log lines go: as JSON to standard error, which Lambda takes to CloudWatch.
 *
 * <p>By {@code java.util.logging}, which is there already and wants a formatter only. Logback with a JSON encoder would be
 * megabytes more for seven functions to load when they start, Powertools for Lambda brings a logging framework and an aspect
 * weaver, and Lambda's own JSON format has no place for fields of ours.
 */
final class Logging {

    /** Loggers are forgotten, with what was set on them, by whom nobody holds. */
    private static final Logger ALL = Logger.getLogger("");

    private static final Logger OURS = Logger.getLogger(Logging.class.getPackageName());
    private static final Logger METRICS = Logger.getLogger(Metrics.LOGGER);

    /** At {@code DEBUG} the HTTP client logs the bodies and headers of all requests: messages, keys and signatures. */
    private static final List<Logger> HTTP_TRAFFIC = List.of(
            Logger.getLogger("org.apache.hc.client5.http.wire"),
            Logger.getLogger("org.apache.hc.client5.http.headers"));

    private Logging() {}

    /**
     * On Lambda, takes all of the process's logging, from the level that the function is configured for; elsewhere the functions'
     * only, at the level that the process has. Where {@code java.util.logging} is configured, that configuration holds.
     *
     * <p>The HTTP client's log of its traffic is off everywhere, unless a configuration sets a level for it by name.
     */
    static synchronized void install(Map<String, String> environment) {
        HTTP_TRAFFIC.stream().filter(logger -> logger.getLevel() == null).forEach(logger -> logger.setLevel(Level.OFF));
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        if (environment.containsKey("AWS_LAMBDA_RUNTIME_API")) {
            write(ALL);
            ALL.setLevel(level(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "INFO")));
            METRICS.setLevel(Level.INFO);
        } else {
            write(OURS);
        }
    }

    private static void write(Logger logger) {
        for (Handler handler : logger.getHandlers()) {
            logger.removeHandler(handler);
        }
        Handler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new JsonFormatter());
        logger.addHandler(console);
        logger.setUseParentHandlers(false);
    }

    private static Level level(String name) {
        return switch (name) {
            case "TRACE" -> Level.FINEST;
            case "DEBUG" -> Level.FINE;
            case "WARN" -> Level.WARNING;
            case "ERROR", "FATAL" -> Level.SEVERE;
            default -> Level.INFO;
        };
    }
}
