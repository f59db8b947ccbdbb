package dev.chatlab.endtoend;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.samlocal.template.DeployedApplication.DeployedResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that alarms and graphs use metrics that exist: one on a missing metric looks healthy for ever. AWS documents its metrics
 * in the guides to Lambda, API Gateway's WebSocket APIs and DynamoDB; the functions' metrics are in their code.
 */
final class MetricChecks {

    private static final Map<String, Set<String>> OF_AWS = Map.of(
            "AWS/Lambda",
            Set.of("Errors", "Throttles", "Duration", "Invocations", "ConcurrentExecutions"),
            "AWS/ApiGateway",
            Set.of(
                    "ConnectCount",
                    "MessageCount",
                    "ClientError",
                    "ExecutionError",
                    "IntegrationError",
                    "IntegrationLatency"),
            "AWS/DynamoDB",
            Set.of(
                    "ReadThrottleEvents",
                    "WriteThrottleEvents",
                    "ConsumedReadCapacityUnits",
                    "ConsumedWriteCapacityUnits"));

    private static final Pattern OF_OURS = Pattern.compile("\\(\"([A-Za-z]+)\", \"(?:Count|Milliseconds)\"\\)");
    private static final Pattern SEARCH = Pattern.compile("SEARCH\\('\\{\"(.+)\",(.+)} MetricName=\"(.+)\"', .*");
    private static final Pattern ID = Pattern.compile("\\b[a-z][A-Za-z0-9]*\\b");

    private final List<DeployedResource> resources;

    /** @param dimensions values by name; empty where a search covers all values */
    private record Metric(String where, String namespace, String name, Map<String, String> dimensions) {}

    MetricChecks(List<DeployedResource> resources) {
        this.resources = resources;
    }

    Stream<String> problems() {
        List<String> problems = new ArrayList<>();
        List<Metric> alarms =
                ofType("AWS::CloudWatch::Alarm").flatMap(MetricChecks::alarm).toList();
        List<Metric> graphs = ofType("AWS::CloudWatch::Dashboard")
                .flatMap(dashboard -> dashboard(dashboard, problems))
                .toList();
        ofType("AWS::CloudWatch::Alarm").flatMap(MetricChecks::expressions).forEach(problems::add);
        Stream.concat(alarms.stream(), graphs.stream())
                .filter(metric -> !isWritten(metric))
                .forEach(metric -> problems.add(metric.where() + ": no code and no AWS service writes the metric "
                        + metric.namespace() + " " + metric.name() + " " + metric.dimensions()));
        if (ofType("AWS::CloudWatch::Dashboard").findAny().isPresent()) {
            Set<String> seen = graphs.stream().map(Metric::name).collect(Collectors.toSet());
            ours().filter(name -> !seen.contains(name))
                    .forEach(name -> problems.add("Dashboard: no graph shows the metric " + name));
        }
        return problems.stream();
    }

    private static Stream<Metric> alarm(DeployedResource alarm) {
        var properties = new Properties(alarm.properties());
        return Stream.concat(
                        Stream.of(properties)
                                .filter(single ->
                                        !single.at("MetricName").text().isEmpty()),
                        properties
                                .at("Metrics")
                                .items()
                                .map(query -> query.at("MetricStat", "Metric"))
                                .filter(metric -> metric.value() != null))
                .map(metric -> new Metric(
                        alarm.logicalId(),
                        metric.at("Namespace").text(),
                        metric.at("MetricName").text(),
                        metric.at("Dimensions")
                                .items()
                                .collect(Collectors.toMap(
                                        dimension -> dimension.at("Name").text(),
                                        dimension -> dimension.at("Value").text()))));
    }

    /** An expression uses the ids of the alarm's own metrics only. */
    private static Stream<String> expressions(DeployedResource alarm) {
        var queries = new Properties(alarm.properties()).at("Metrics");
        Set<String> ids = queries.items()
                .filter(query -> query.at("Expression").value() == null)
                .map(query -> query.at("Id").text())
                .collect(Collectors.toSet());
        return queries.items()
                .map(query -> query.at("Expression").text())
                .filter(expression -> !expression.isEmpty() && !expression.equals("SUM(METRICS())"))
                .filter(expression -> !ids.equals(ID.matcher(expression)
                        .results()
                        .map(match -> match.group())
                        .collect(Collectors.toSet())))
                .map(expression -> alarm.logicalId() + ": " + expression + " is not of " + ids);
    }

    private static Stream<Metric> dashboard(DeployedResource dashboard, List<String> problems) {
        String body = new Properties(dashboard.properties()).at("DashboardBody").text();
        try {
            return new Properties(JSON.std.mapFrom(body)).at("widgets").items().flatMap(widget -> {
                String where = dashboard.logicalId() + ", "
                        + widget.at("properties", "title").text();
                List<Metric> metrics = new ArrayList<>();
                List<String> before = List.of();
                for (var row : widget.at("properties", "metrics").items().toList()) {
                    var search = SEARCH.matcher(
                            row.items().findFirst().orElse(row).at("expression").text());
                    if (search.matches()) {
                        metrics.add(new Metric(where, search.group(1), search.group(3), Map.of(search.group(2), "")));
                    } else {
                        before = written(row, before);
                        metrics.add(new Metric(where, before.get(0), before.get(1), dimensions(before)));
                    }
                }
                return metrics.stream();
            });
        } catch (IOException | IndexOutOfBoundsException e) {
            problems.add(dashboard.logicalId() + ": not a dashboard: " + e.getMessage());
            return Stream.empty();
        }
    }

    /** In a row, {@code .} repeats a value of the row before, and {@code ...} repeats all of its values. */
    private static List<String> written(Properties row, List<String> before) {
        List<String> cells = row.items()
                .filter(cell -> !(cell.value() instanceof Map))
                .map(Properties::text)
                .toList();
        if (cells.equals(List.of("..."))) {
            return before;
        }
        List<String> written = new ArrayList<>();
        for (String cell : cells) {
            written.add(cell.equals(".") ? before.get(written.size()) : cell);
        }
        return written;
    }

    private static Map<String, String> dimensions(List<String> row) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        for (int i = 2; i < row.size(); i += 2) {
            dimensions.put(row.get(i), row.get(i + 1));
        }
        return dimensions;
    }

    private boolean isWritten(Metric metric) {
        var names = OF_AWS.get(metric.namespace());
        return names == null ? isOurs(metric) : names.contains(metric.name()) && isOfAws(metric);
    }

    private boolean isOfAws(Metric metric) {
        return switch (metric.namespace()) {
            case "AWS/Lambda" -> isOf(metric, "FunctionName", "AWS::Serverless::Function");
            case "AWS/DynamoDB" -> isOf(metric, "TableName", "AWS::DynamoDB::Table");
            default ->
                metric.dimensions().keySet().equals(Set.of("ApiId", "Stage"))
                        && ofType("AWS::ApiGatewayV2::Api")
                                .anyMatch(api -> api.logicalId()
                                        .equals(metric.dimensions().get("ApiId")))
                        && ofType("AWS::ApiGatewayV2::Stage")
                                .anyMatch(stage -> new Properties(stage.properties())
                                        .at("StageName")
                                        .is(metric.dimensions().getOrDefault("Stage", "")));
        };
    }

    /** The name in the template, or the name that CloudFormation generates. */
    private boolean isOf(Metric metric, String dimension, String type) {
        String name = metric.dimensions().getOrDefault(dimension, "");
        return metric.dimensions().keySet().equals(Set.of(dimension))
                && ofType(type)
                        .anyMatch(resource -> resource.logicalId().equals(name)
                                || new Properties(resource.properties())
                                        .at(dimension)
                                        .is(name));
    }

    /** Our metrics have no dimension, except rejections, whose dimension is a code that exists. */
    private boolean isOurs(Metric metric) {
        return ofType("AWS::Serverless::Function")
                        .allMatch(function -> new Properties(function.properties())
                                .at("Environment", "Variables", "CHAT_METRICS_NAMESPACE")
                                .is(metric.namespace()))
                && ours().anyMatch(metric.name()::equals)
                && (metric.name().equals("Rejections")
                        ? metric.dimensions().keySet().equals(Set.of("Code"))
                                && Optional.ofNullable(metric.dimensions().get("Code"))
                                        .filter(code ->
                                                code.isEmpty() || TemplateChecks.CODE.contains('"' + code + '"'))
                                        .isPresent()
                        : metric.dimensions().isEmpty());
    }

    private static Stream<String> ours() {
        return OF_OURS.matcher(TemplateChecks.CODE).results().map(match -> match.group(1));
    }

    private Stream<DeployedResource> ofType(String type) {
        return resources.stream().filter(resource -> resource.type().equals(type));
    }
}
