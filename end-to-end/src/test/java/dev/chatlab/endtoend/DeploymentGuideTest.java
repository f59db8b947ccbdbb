package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samlocal.template.DeployedApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code deploy/sam/README.md} tells to type is there: a shell that takes it, the stack's outputs and its parameters. */
class DeploymentGuideTest {

    private static final Path GUIDE = LocalChat.TEMPLATE.resolveSibling("README.md");

    @Test
    void aShellTakesEveryCommand() throws Exception {
        List<MatchResult> blocks = found("(?s)```sh\n(.*?)```");
        assertThat(blocks).hasSizeGreaterThan(4);
        for (var block : blocks) {
            var shell =
                    new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
            try (var input = shell.getOutputStream()) {
                input.write(block.group(1).getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shell.waitFor()).as(said).isZero();
        }
    }

    @Test
    void theStackHasTheOutputsThatAreAskedFor() throws IOException {
        var outputs = DeployedApplication.read(LocalChat.TEMPLATE, Map.of("AuthMode", "IAM"), TemplateChecks.REGION)
                .outputs();

        assertThat(found("\\boutput ([A-Z]\\w+)").stream()
                        .map(match -> match.group(1))
                        .distinct())
                .contains("WebBucketName", "PageUrl", "DashboardUrl")
                .allMatch(outputs::containsKey);
        assertThat(found("output `(\\w+)`").stream().map(match -> match.group(1)))
                .contains("SocketUrl", "IdentityPoolId")
                .allMatch(outputs::containsKey);
    }

    @Test
    void theTemplateTakesTheParametersThatAreNamed() throws IOException {
        assertThat(found("\\b([A-Z][a-z][A-Za-z]*)=([^\\s`=][^\\s`]*)"))
                .hasSizeGreaterThan(8)
                .allSatisfy(parameter -> assertThat(TemplateChecks.problems(
                                LocalChat.TEMPLATE, Map.of(parameter.group(1), parameter.group(2))))
                        .isEmpty());
    }

    private static List<MatchResult> found(String what) throws IOException {
        return Pattern.compile(what).matcher(Files.readString(GUIDE)).results().toList();
    }
}
