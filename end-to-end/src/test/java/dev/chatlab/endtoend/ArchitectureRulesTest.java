package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of {@link ArchitectureTest} rejects the classes in packages called {@code violation}, which break it. */
class ArchitectureRulesTest {

    private static final JavaClasses VIOLATIONS = new ClassFileImporter()
            .withImportOption(location -> location.contains("/violation/"))
            .importPackages("dev.chatlab", "dev.samlocal");

    static Stream<Arguments> rules() {
        return Arrays.stream(ArchitectureTest.class.getDeclaredFields())
                .filter(field -> field.getType().equals(ArchRule.class))
                .map(field -> Arguments.of(field.getName(), rule(field)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void ruleRejectsClassThatBreaksIt(String name, ArchRule rule) {
        assertThat(rule.evaluate(VIOLATIONS).hasViolation()).as(name).isTrue();
    }

    private static ArchRule rule(Field field) {
        try {
            return (ArchRule) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(field + " is not accessible", e);
        }
    }
}
