package dev.chatlab.local.template;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of API Gateway's mapping templates that needs no client fields: text, and {@code $context} variables (an
 * unknown one renders as nothing, as documented for gateway responses).
 */
public record MappingTemplate(String text) {
    private static final Pattern CONTEXT =
            Pattern.compile("\\$context\\.([A-Za-z]+(?:\\.[A-Za-z]+)*)|\\$\\{context\\.([A-Za-z]+(?:\\.[A-Za-z]+)*)}");
    private static final Pattern UNSUPPORTED = Pattern.compile(
            "#(?:set|if|elseif|else|end|foreach|macro|define)\\b|\\$!?\\{?(?:input|util|stageVariables)\\b");

    /** The directive or variable that this template uses and that has no meaning here. */
    Optional<String> unsupported() {
        return UNSUPPORTED.matcher(text).results().map(match -> match.group()).findFirst();
    }

    public String render(Map<String, String> context) {
        return CONTEXT.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        context.getOrDefault(match.group(1) == null ? match.group(2) : match.group(1), "")));
    }
}
