package dev.chatlab.lambda;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of CloudWatch's embedded metric format, from its specification. */
final class EmbeddedMetricFormat {

    private static final Set<String> UNITS = Set.of("Count", "Milliseconds");

    private EmbeddedMetricFormat() {}

    /** Fails if this is not a document of the format. */
    static void check(Map<String, Object> document) {
        Map<?, ?> metadata = requireNonNull((Map<?, ?>) document.get("_aws"));
        assertThat(metadata.keySet()).isEqualTo(Set.of("Timestamp", "CloudWatchMetrics"));
        assertThat(metadata.get("Timestamp")).isInstanceOf(Long.class);
        List<?> directives = requireNonNull((List<?>) metadata.get("CloudWatchMetrics"));
        assertThat(directives).isNotEmpty().allSatisfy(directive -> checkDirective(document, (Map<?, ?>) directive));
    }

    private static void checkDirective(Map<String, Object> document, Map<?, ?> directive) {
        assertThat(directive.keySet()).isEqualTo(Set.of("Namespace", "Dimensions", "Metrics"));
        assertThat((String) directive.get("Namespace")).hasSizeBetween(1, 255);
        assertThat((List<?>) directive.get("Dimensions"))
                .isNotEmpty()
                .allSatisfy(set -> assertThat((List<?>) set)
                        .hasSizeLessThanOrEqualTo(30)
                        .allSatisfy(name -> assertThat(document.get(name)).isInstanceOf(String.class)));
        assertThat((List<?>) directive.get("Metrics"))
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(100)
                .allSatisfy(metric -> checkMetric(document, (Map<?, ?>) metric));
    }

    private static void checkMetric(Map<String, Object> document, Map<?, ?> metric) {
        assertThat(metric.keySet()).isEqualTo(Set.of("Name", "Unit"));
        assertThat(metric.get("Unit")).isIn(UNITS);
        Object value = document.get(metric.get("Name"));
        if (value instanceof List<?> values) {
            assertThat(values).hasSizeBetween(1, 100).allMatch(Number.class::isInstance);
        } else {
            assertThat(value).isInstanceOf(Number.class);
        }
    }
}
