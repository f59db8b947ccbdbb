package dev.chatlab.lambda;

import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Configures logging: JSON lines on standard error, which Lambda sends to CloudWatch.
 *
 * <p>It uses {@code java.util.logging}, which needs only a formatter for this. Logback with a JSON encoder would add megabytes to the
 * package, Powertools for Lambda a logging framework and an aspect weaver. Lambda's own JSON format has no place for the fields of
 * {@link Invocation}.
 */
final class Logging {

    // Strong references: java.util.logging holds loggers weakly, and a collected logger loses its settings.
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger FUNCTIONS = Logger.getLogger(Logging.class.getPackageName());
    private static final Logger METRICS = Logger.getLogger(Metrics.LOGGER);

    /** At {@code DEBUG} the HTTP client logs the bodies and headers of all requests: messages, resume keys and signatures. */
    private static final List<Logger> HTTP_TRAFFIC = List.of(
            Logger.getLogger("org.apache.hc.client5.http.wire"),
            Logger.getLogger("org.apache.hc.client5.http.headers"));

    private Logging() {}

    /**
     * Sets up the loggers of this process. On Lambda these are all loggers, from the level that the function is configured for.
     * Elsewhere it is the functions' logger, at the level that it has. If {@code java.util.logging} is configured by a system
     * property, that configuration applies.
     *
     * <p>The HTTP client's log of its traffic is off in every case, unless a configuration sets its level by name.
     */
    static synchronized void install(Map<String, String> environment) {
        HTTP_TRAFFIC.stream().filter(logger -> logger.getLevel() == null).forEach(logger -> logger.setLevel(Level.OFF));
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        if (environment.containsKey("AWS_LAMBDA_RUNTIME_API")) {
            writeJson(ROOT);
            ROOT.setLevel(level(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "INFO")));
            METRICS.setLevel(Level.INFO);
        } else {
            writeJson(FUNCTIONS);
        }
    }

    private static void writeJson(Logger logger) {
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
