package dev.samlocal.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A route selection expression such as {@code $request.body.path.to.field}: the path of the route key in a message. */
public record SelectionExpression(List<String> path) {
    private static final Pattern BODY = Pattern.compile("\\$(\\{)?request\\.body((?:\\.[A-Za-z0-9_-]+)+)(})?");

    static Optional<SelectionExpression> parse(String text) {
        var match = BODY.matcher(text);
        return match.matches() && (match.group(1) == null) == (match.group(3) == null)
                ? Optional.of(new SelectionExpression(
                        List.of(match.group(2).substring(1).split("\\.", -1))))
                : Optional.empty();
    }

    /** The route key in a message, which is given as maps, lists and scalars. */
    public Optional<String> select(Object body) {
        Object at = body;
        for (String field : path) {
            at = at instanceof Map<?, ?> object ? object.get(field) : null;
        }
        return at == null || at instanceof Map || at instanceof List ? Optional.empty() : Optional.of(at.toString());
    }
}
