package dev.samlocal.template;

/** A template that cannot be run. The message names the file, the line, the place and the problem. */
public final class TemplateException extends StartException {
    private final int line;
    private final String placeAndProblem;

    TemplateException(Node at, String place, String problem) {
        this(at.line(), place, problem);
    }

    TemplateException(int line, String place, String problem) {
        this("template", line, (place.isEmpty() ? "" : place + ": ") + problem);
    }

    private TemplateException(String file, int line, String placeAndProblem) {
        super(file + (line > 0 ? ":" + line : "") + ": " + placeAndProblem);
        this.line = line;
        this.placeAndProblem = placeAndProblem;
    }

    TemplateException in(String file) {
        return new TemplateException(file, line, placeAndProblem);
    }
}
