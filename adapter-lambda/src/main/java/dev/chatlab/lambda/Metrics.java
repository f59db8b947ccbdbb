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
 * What one invocation counts and measures, for CloudWatch to read from the log (its embedded metric format: nothing to call,
 * nothing to wait for, nothing to pay a request for).
 *
 * <p>Metrics have no dimension, but for the rejections' {@code Code}: each combination of dimensions is a metric that is paid for.
 * What would be a dimension elsewhere (connection, room, request) stands beside them, to be searched for.
 *
 * <p>AWS's own library for the format (aws-embedded-metrics 4.1.2) writes with jackson-databind, which a function would load for
 * nothing else, at 190 ms of its cold start, and prints past the log.
 */
final class Metrics implements ChatObserver {

    /** Under which documents are logged, as they are. */
    static final String LOGGER = Metrics.class.getName();

    /** The format's limit to the values of one metric in one document. */
    private static final int MOST_VALUES = 100;

    private final String namespace;
    private SortedMap<Metric, Vector<Number>> values = TreeMap.empty();
    private SortedMap<String, Integer> rejections = TreeMap.empty();

    Metrics(String namespace) {
        this.namespace = namespace;
    }

    // --- what is observed ---

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

    /** A refusal, by its code: the chat's rules' and the protocol's. */
    synchronized void rejected(String code) {
        rejections = rejections.put(code, 1, Integer::sum);
    }

    private synchronized void count(Metric metric, int more) {
        values = values.put(
                metric,
                Vector.of(more),
                (before, one) -> Vector.of(before.head().intValue() + more));
    }

    /** In milliseconds, to the microsecond. */
    private synchronized void measure(Metric metric, Duration took) {
        values = values.put(metric, Vector.of(Math.round(took.toNanos() / 1e3) / 1e3), Vector::appendAll);
    }

    // --- how it is written down ---

    /** Documents of the embedded metric format, none if there is nothing to tell. */
    synchronized Seq<String> documents(Instant at, Map<String, String> properties) {
        Seq<String> documents = Vector.empty();
        SortedMap<Metric, Vector<Number>> rest = values;
        while (!rest.isEmpty()) {
            Map<String, Object> told = new LinkedHashMap<>();
            rest.forEach((metric, all) -> told.put(metric.title, target(all.take(MOST_VALUES))));
            documents = documents.append(document(at, List.empty(), rest.keySet(), told, properties));
            rest = rest.mapValues(all -> all.drop(MOST_VALUES)).rejectValues(Seq::isEmpty);
        }
        for (Tuple2<String, Integer> rejection : rejections) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("Code", rejection._1);
            told.put(Metric.REJECTIONS.title, rejection._2);
            documents = documents.append(document(at, List.of("Code"), List.of(Metric.REJECTIONS), told, properties));
        }
        return documents;
    }

    private static Object target(Seq<Number> values) {
        return values.size() == 1 ? values.head() : values.asJava();
    }

    private String document(
            Instant at,
            Seq<String> dimensions,
            Traversable<Metric> metrics,
            Map<String, Object> told,
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
        document.putAll(told);
        properties.forEach(document::putIfAbsent);
        try {
            return JSON.std.asString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private enum Metric {
        MESSAGES("Messages", "Count"),
        RECIPIENTS("Recipients", "Count"),
        DELIVERY_TIME("DeliveryTime", "Milliseconds"),
        GONE("Gone", "Count"),
        UNDELIVERED("Undelivered", "Count"),
        CONFLICTS("Conflicts", "Count"),
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
