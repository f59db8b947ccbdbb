package dev.samlocal.iam;

import dev.samlocal.iam.Permissions.Grant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A statement of an identity policy, without conditions.
 *
 * @param allows true for Allow, false for Deny
 * @param actions patterns such as {@code dynamodb:Get*}
 * @param resources patterns of ARNs
 */
public record Statement(boolean allows, List<String> actions, List<String> resources) {

    /** The grants of this statement that cover an action on a resource. */
    List<Grant> covering(String holder, String action, String resource) {
        return actions.stream()
                .filter(pattern -> matches(pattern, action, Pattern.CASE_INSENSITIVE))
                .flatMap(each -> resources.stream()
                        .filter(pattern -> matches(pattern, resource, 0))
                        .map(pattern -> new Grant(holder, each, pattern)))
                .toList();
    }

    /** IAM's patterns: {@code *} matches any text, {@code ?} one character. */
    private static boolean matches(String pattern, String text, int flags) {
        String regex = Arrays.stream(pattern.split("(?<=[*?])|(?=[*?])", -1))
                .map(part -> part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part))
                .collect(Collectors.joining());
        return Pattern.compile(regex, flags | Pattern.DOTALL).matcher(text).matches();
    }
}
