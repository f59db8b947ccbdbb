package dev.samlocal.template;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API Gateway mapping template made of text and {@code $context} variables. An unknown variable renders as nothing, as
 * documented for gateway responses.
 */
public record MappingTemplate(String text) {
    private static final Pattern CONTEXT =
            Pattern.compile("\\$context\\.([A-Za-z]+(?:\\.[A-Za-z]+)*)|\\$\\{context\\.([A-Za-z]+(?:\\.[A-Za-z]+)*)}");
    private static final Pattern UNSUPPORTED = Pattern.compile(
            "#(?:set|if|elseif|else|end|foreach|macro|define)\\b|\\$!?\\{?(?:input|util|stageVariables)\\b");

    /** The first directive or variable in this template that is not supported. */
    Optional<String> unsupported() {
        return UNSUPPORTED.matcher(text).results().map(match -> match.group()).findFirst();
    }

    /**
     * The text with the variables' values.
     *
     * @param context the event's request context: nested maps
     */
    public String render(Map<String, Object> context) {
        return CONTEXT.matcher(text).replaceAll(match -> {
            Object value = context;
            for (String name : (match.group(1) == null ? match.group(2) : match.group(1)).split("\\.", -1)) {
                value = value instanceof Map<?, ?> map ? map.get(name) : null;
            }
            return value == null ? "" : Matcher.quoteReplacement(value.toString());
        });
    }
}
