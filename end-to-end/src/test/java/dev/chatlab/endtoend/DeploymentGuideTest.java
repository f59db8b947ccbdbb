package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samlocal.template.DeployedApplication;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The outputs and parameters that {@code deploy/sam/README.md} names exist in the template. */
class DeploymentGuideTest {

    private static final MarkdownPage GUIDE = MarkdownPage.of("deploy/sam/README.md");

    @Test
    void namedOutputsExistInTheTemplate() {
        var outputs = DeployedApplication.read(LocalChat.TEMPLATE, Map.of("AuthMode", "IAM"), TemplateChecks.REGION)
                .outputs();

        assertThat(names("\\boutput ([A-Z]\\w+)"))
                .contains("WebBucketName", "PageUrl", "DashboardUrl")
                .allMatch(outputs::containsKey);
        assertThat(names("output `(\\w+)`"))
                .contains("SocketUrl", "IdentityPoolId")
                .allMatch(outputs::containsKey);
    }

    @Test
    void namedParametersAreValidInTheTemplate() {
        assertThat(found("\\b([A-Z][a-z][A-Za-z]*)=([^\\s`=][^\\s`]*)"))
                .hasSizeGreaterThan(8)
                .allSatisfy(parameter -> assertThat(TemplateChecks.problems(
                                LocalChat.TEMPLATE, Map.of(parameter.group(1), parameter.group(2))))
                        .isEmpty());
    }

    private static List<String> names(String pattern) {
        return found(pattern).stream().map(match -> match.group(1)).distinct().toList();
    }

    private static List<MatchResult> found(String pattern) {
        return Pattern.compile(pattern).matcher(GUIDE.text()).results().toList();
    }
}
