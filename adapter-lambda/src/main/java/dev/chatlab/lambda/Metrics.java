package dev.chatlab.lambda;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.chatlab.application.ChatObserver;
import dev.chatlab.application.Reply;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.Gateway.Delivery;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.SortedMap;
import io.vavr.collection.Traversable;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics of one invocation, written to the log as documents of CloudWatch's embedded metric format. CloudWatch reads them from
 * there, so that a function makes no request for its metrics.
 *
 * <p>Each combination of dimensions is a metric that AWS charges for. So only rejections have a dimension, {@code Code}. The fields of
 * the logging context, such as connection and room, are properties of a document: a search finds them, and they cost nothing.
 *
 * <p>AWS's library for the format (aws-embedded-metrics 4.1.2) would add jackson-databind to the package. It writes to standard output
 * and not to the log.
 */
final class Metrics implements ChatObserver {

    /** The logger of the documents. Its lines contain nothing else. */
    static final String LOGGER = Metrics.class.getName();

    /** The format's limit for the values of one metric in one document. */
    private static final int MAX_VALUES = 100;

    private final String namespace;
    private SortedMap<Metric, Vector<Number>> values = TreeMap.empty();
    private SortedMap<String, Integer> rejections = TreeMap.empty();

    Metrics(String namespace) {
        this.namespace = namespace;
    }

    // --- observed ---

    @Override
    public void committed(Append append) {
        int messages = append.events().count(MessageSent.class::isInstance);
        if (messages > 0) {
            count(Metric.MESSAGES, messages);
        }
    }

    @Override
    public void conflicted(Append append) {
        count(Metric.CONFLICTS, 1);
    }

    @Override
    public void replied(ChatCommand command, Reply reply, Duration took) {
        if (command instanceof ChatCommand.SendMessage && reply instanceof Reply.Accepted) {
            measure(Metric.SEND_MESSAGE_TIME, took);
        }
    }

    @Override
    public void delivered(ChatEvent event, io.vavr.collection.Map<Delivery, Integer> outcomes, Duration took) {
        outcomes.forEach((delivery, recipients) -> {
            switch (delivery) {
                case DELIVERED -> count(Metric.RECIPIENTS, recipients);
                case GONE -> count(Metric.GONE, recipients);
                case FAILED, ELSEWHERE -> count(Metric.UNDELIVERED, recipients);
            }
        });
        measure(Metric.DELIVERY_TIME, took);
    }

    /** Counts an error response under its code. */
    synchronized void rejected(String code) {
        rejections = rejections.put(code, 1, Integer::sum);
    }

    private synchronized void count(Metric metric, int more) {
        values = values.put(
                metric,
                Vector.of(more),
                (before, added) -> Vector.of(before.head().intValue() + more));
    }

    /** Adds a value in milliseconds, rounded to the microsecond. */
    private synchronized void measure(Metric metric, Duration took) {
        values = values.put(metric, Vector.of(Math.round(took.toNanos() / 1e3) / 1e3), Vector::appendAll);
    }

    // --- written ---

    /**
     * The documents of the embedded metric format, none if there are no values.
     *
     * @param properties further fields of each document; a metric takes precedence over a property of the same name
     */
    synchronized Seq<String> documents(Instant at, Map<String, String> properties) {
        Seq<String> documents = Vector.empty();
        SortedMap<Metric, Vector<Number>> rest = values;
        while (!rest.isEmpty()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            rest.forEach((metric, all) -> fields.put(metric.title, value(all.take(MAX_VALUES))));
            documents = documents.append(document(at, List.empty(), rest.keySet(), fields, properties));
            rest = rest.mapValues(all -> all.drop(MAX_VALUES)).rejectValues(Seq::isEmpty);
        }
        for (Tuple2<String, Integer> rejection : rejections) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("Code", rejection._1);
            fields.put(Metric.REJECTIONS.title, rejection._2);
            documents = documents.append(document(at, List.of("Code"), List.of(Metric.REJECTIONS), fields, properties));
        }
        return documents;
    }

    private static Object value(Seq<Number> values) {
        return values.size() == 1 ? values.head() : values.asJava();
    }

    /** @param fields the values of the dimensions and of the metrics, by name */
    private String document(
            Instant at,
            Seq<String> dimensions,
            Traversable<Metric> metrics,
            Map<String, Object> fields,
            Map<String, String> properties) {
        Map<String, Object> directive = new LinkedHashMap<>();
        directive.put("Namespace", namespace);
        directive.put("Dimensions", List.of(dimensions.asJava()).asJava());
        directive.put("Metrics", metrics.toVector().map(Metric::definition).asJava());
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("Timestamp", at.toEpochMilli());
        metadata.put("CloudWatchMetrics", List.of(directive).asJava());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("_aws", metadata);
        document.putAll(fields);
        properties.forEach(document::putIfAbsent);
        try {
            return JSON.std.asString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The metrics. Documents contain them in this order. */
    private enum Metric {
        MESSAGES("Messages", "Count"),
        RECIPIENTS("Recipients", "Count"),

        /** From when the gateway received an event until it returned for all recipients. One value for each event. */
        DELIVERY_TIME("DeliveryTime", "Milliseconds"),
        GONE("Gone", "Count"),
        UNDELIVERED("Undelivered", "Count"),
        CONFLICTS("Conflicts", "Count"),

        /** From when the service received the command until the message was stored. */
        SEND_MESSAGE_TIME("SendMessageTime", "Milliseconds"),
        REJECTIONS("Rejections", "Count");

        final String title;
        private final String unit;

        Metric(String title, String unit) {
            this.title = title;
            this.unit = unit;
        }

        Map<String, String> definition() {
            Map<String, String> definition = new LinkedHashMap<>();
            definition.put("Name", title);
            definition.put("Unit", unit);
            return definition;
        }
    }
}
