package dev.chatlab.domain;

import static io.vavr.control.Either.left;
import static io.vavr.control.Either.right;

import io.vavr.control.Either;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.regex.Pattern;

/**
 * What a piece of text must be like to be one of the chat's values.
 *
 * @param what the text's name in a sentence
 * @param max the most code points it may have, counted after normalisation
 * @param lines whether it may hold line breaks and tabs; if not, white space around it is not part of it
 */
record TextRule(String what, int max, boolean lines) {

    private static final Pattern LINE_BREAK = Pattern.compile("\r\n?");

    static TextRule line(String what, int max) {
        return new TextRule(what, max, false);
    }

    static TextRule text(String what, int max) {
        return new TextRule(what, max, true);
    }

    /** The text in the one form it is stored in (NFC), or why it cannot be one. Applied twice it changes nothing. */
    Either<Rejection, String> normalise(String raw) {
        if (raw.codePoints().anyMatch(TextRule::isSurrogate)) {
            return left(new Rejection.UnpairedSurrogate(what));
        }
        String text = lines ? LINE_BREAK.matcher(raw).replaceAll("\n") : raw;
        if (text.codePoints().anyMatch(this::isForbidden)) {
            return left(new Rejection.ControlCharacter(what));
        }
        String normal = composed(lines ? text : text.strip());
        if (normal.codePoints().noneMatch(TextRule::isVisible)) {
            return left(new Rejection.Blank(what));
        }
        return normal.codePointCount(0, normal.length()) > max ? left(new Rejection.TooLong(what, max)) : right(normal);
    }

    /** For constructors: what does not come out of {@link #normalise} unchanged is no value. */
    void require(String value) {
        if (!normalise(value).contains(value)) {
            throw new IllegalArgumentException(normalise(value)
                    .fold(Rejection::message, normal -> "The " + what + " is not in its normal form: use of(…)."));
        }
    }

    /** Below the first combining character every text is composed already, and need not wait for Unicode's tables. */
    private static String composed(String text) {
        return text.chars().allMatch(character -> character < '\u0300') ? text : Normalizer.normalize(text, Form.NFC);
    }

    private boolean isForbidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> !(lines && (codePoint == '\n' || codePoint == '\t'));
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> !lines;
            default -> false;
        };
    }

    /** A stream of code points yields a surrogate only where its partner is missing. */
    private static boolean isSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    private static boolean isVisible(int codePoint) {
        return !Character.isWhitespace(codePoint)
                && !Character.isSpaceChar(codePoint)
                && Character.getType(codePoint) != Character.FORMAT;
    }
}
