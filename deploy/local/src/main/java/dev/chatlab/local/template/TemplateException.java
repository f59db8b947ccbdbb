package dev.chatlab.local.template;

/** A template that cannot be run; its message is one line that names the place and the problem. */
public final class TemplateException extends RuntimeException {
    private final int line;
    private final String place;
    private final String problem;

    TemplateException(Node at, String place, String problem) {
        this(at.line(), place, problem);
    }

    TemplateException(int line, String place, String problem) {
        this("template", line, place, problem);
    }

    private TemplateException(String file, int line, String place, String problem) {
        super(oneLine(file + (line > 0 ? ":" + line : "") + ": " + (place.isEmpty() ? "" : place + ": ") + problem));
        this.line = line;
        this.place = place;
        this.problem = problem;
    }

    TemplateException in(String file) {
        return new TemplateException(file, line, place, problem);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
