package dev.chatlab.domain;

import static io.vavr.control.Either.left;
import static io.vavr.control.Either.right;

import io.vavr.control.Either;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.regex.Pattern;

/**
 * The rule for one kind of text that clients send: its normal form and its limits.
 *
 * @param what the name of the text in a message, for example "room name"
 * @param max the largest number of code points in the normalised text
 * @param multiLine whether line breaks and tabs are allowed; if not, surrounding white space is removed
 */
record TextRule(String what, int max, boolean multiLine) {

    private static final Pattern LINE_BREAK = Pattern.compile("\r\n?");

    static TextRule singleLine(String what, int max) {
        return new TextRule(what, max, false);
    }

    static TextRule multiLine(String what, int max) {
        return new TextRule(what, max, true);
    }

    /** The text in normal form (NFC), or why it is rejected. Idempotent: a normalised text does not change. */
    Either<Rejection, String> normalise(String raw) {
        if (raw.codePoints().anyMatch(TextRule::isSurrogate)) {
            return left(new Rejection.UnpairedSurrogate(what));
        }
        String text = multiLine ? LINE_BREAK.matcher(raw).replaceAll("\n") : raw;
        if (text.codePoints().anyMatch(this::isForbidden)) {
            return left(new Rejection.ControlCharacter(what));
        }
        String normal = composed(multiLine ? text : text.strip());
        if (normal.codePoints().noneMatch(TextRule::isVisible)) {
            return left(new Rejection.Blank(what));
        }
        return normal.codePointCount(0, normal.length()) > max ? left(new Rejection.TooLong(what, max)) : right(normal);
    }

    /** The text in NFC. A text without characters from U+0300 on is in NFC already, and this check is faster than the normaliser. */
    private static String composed(String text) {
        return text.chars().allMatch(character -> character < '\u0300') ? text : Normalizer.normalize(text, Form.NFC);
    }

    private boolean isForbidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> !(multiLine && (codePoint == '\n' || codePoint == '\t'));
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> !multiLine;
            default -> false;
        };
    }

    /** {@link String#codePoints} combines surrogate pairs, so a surrogate among the code points has no partner. */
    private static boolean isSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    private static boolean isVisible(int codePoint) {
        return !Character.isWhitespace(codePoint)
                && !Character.isSpaceChar(codePoint)
                && Character.getType(codePoint) != Character.FORMAT;
    }
}
