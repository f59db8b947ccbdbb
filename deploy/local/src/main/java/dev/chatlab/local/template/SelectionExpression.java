package dev.chatlab.local.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code $request.body.path.to.field}: where in a message the route key is. */
public record SelectionExpression(List<String> path) {
    private static final Pattern BODY =
            Pattern.compile("\\$request\\.body((?:\\.[A-Za-z0-9_-]+)+)|\\$\\{request\\.body((?:\\.[A-Za-z0-9_-]+)+)}");

    public SelectionExpression {
        path = List.copyOf(path);
    }

    static Optional<SelectionExpression> parse(String text) {
        var match = BODY.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        String path = match.group(1) == null ? match.group(2) : match.group(1);
        return Optional.of(new SelectionExpression(List.of(path.substring(1).split("\\.", -1))));
    }

    /** The route key in a message, given as maps, lists and scalars; a scalar counts as its text. */
    public Optional<String> select(Object body) {
        Object at = body;
        for (String field : path) {
            at = at instanceof Map<?, ?> object ? object.get(field) : null;
            if (at == null) {
                return Optional.empty();
            }
        }
        return at instanceof Map || at instanceof List ? Optional.empty() : Optional.of(at.toString());
    }
}
