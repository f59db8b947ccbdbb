package dev.chatlab.lambda;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** CloudWatch's embedded metric format, as its specification has it. */
final class Emf {

    private static final Set<String> UNITS = Set.of("Count", "Milliseconds");

    private Emf() {}

    /** Fails if this is not a document of the format. */
    static void check(Map<String, Object> root) {
        Map<?, ?> metadata = requireNonNull((Map<?, ?>) root.get("_aws"));
        assertThat(metadata.keySet()).isEqualTo(Set.of("Timestamp", "CloudWatchMetrics"));
        assertThat(metadata.get("Timestamp")).isInstanceOf(Long.class);
        List<?> directives = requireNonNull((List<?>) metadata.get("CloudWatchMetrics"));
        assertThat(directives).isNotEmpty().allSatisfy(directive -> directive(root, (Map<?, ?>) directive));
    }

    private static void directive(Map<String, Object> root, Map<?, ?> directive) {
        assertThat(directive.keySet()).isEqualTo(Set.of("Namespace", "Dimensions", "Metrics"));
        assertThat((String) directive.get("Namespace")).hasSizeBetween(1, 255);
        assertThat((List<?>) directive.get("Dimensions"))
                .isNotEmpty()
                .allSatisfy(set -> assertThat((List<?>) set)
                        .hasSizeLessThanOrEqualTo(30)
                        .allSatisfy(name -> assertThat(root.get(name)).isInstanceOf(String.class)));
        assertThat((List<?>) directive.get("Metrics"))
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(100)
                .allSatisfy(metric -> metric(root, (Map<?, ?>) metric));
    }

    private static void metric(Map<String, Object> root, Map<?, ?> metric) {
        assertThat(metric.keySet()).isEqualTo(Set.of("Name", "Unit"));
        assertThat(metric.get("Unit")).isIn(UNITS);
        Object target = root.get(metric.get("Name"));
        if (target instanceof List<?> values) {
            assertThat(values).hasSizeBetween(1, 100).allMatch(Number.class::isInstance);
        } else {
            assertThat(target).isInstanceOf(Number.class);
        }
    }
}
