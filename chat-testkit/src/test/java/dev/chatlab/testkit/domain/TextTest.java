package dev.chatlab.testkit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Rejection;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.UserName;
import dev.chatlab.testkit.ChatArbitraries;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Text from clients: its normal form, its limits, and the characters that are rejected. */
class TextTest {

    /** A value type for text. */
    record Text(
            String name,
            int max,
            boolean multiLine,
            Function<String, Either<Rejection, ?>> factory,
            Function<String, ?> constructor) {

        /** The text of the value that the factory makes of this input, or the rejection. */
        Either<Rejection, String> of(String raw) {
            return factory.apply(raw).map(Object::toString);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Provide
    Arbitrary<Text> texts() {
        return Arbitraries.of(
                new Text("user name", 32, false, raw -> UserName.of(raw), UserName::new),
                new Text("room name", 32, false, raw -> RoomName.of(raw), RoomName::new),
                new Text("message id", 64, false, raw -> ClientMessageId.of(raw), ClientMessageId::new),
                new Text("connection id", 128, false, raw -> ConnectionId.of(raw), ConnectionId::new),
                new Text("identity", 2_048, false, raw -> Identity.of(raw), Identity::new),
                new Text("message", 4_000, true, raw -> MessageText.of(raw), MessageText::new));
    }

    @Provide
    Arbitrary<String> unicode() {
        return ChatArbitraries.unicode();
    }

    @Provide
    Arbitrary<String> visible() {
        return Arbitraries.of("a", "é", "本", "🦀", "क", "ß", "1", "~");
    }

    /** White space that is not a control character, and invisible format characters. */
    @Provide
    Arbitrary<String> invisible() {
        return Arbitraries.of(
                        ' ', '\u00a0', '\u2003', '\u202f', '\u3000', '\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad',
                        '\u202e')
                .map(String::valueOf);
    }

    @Provide
    Arbitrary<Character> controls() {
        return Arbitraries.chars().range('\0', '\u001f').range('\u007f', '\u009f');
    }

    @Provide
    Arbitrary<Character> surrogates() {
        return Arbitraries.chars().range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);
    }

    // --- normal form ---

    @Property
    void normalisedTextStaysTheSame(@ForAll("texts") Text text, @ForAll("unicode") String raw) {
        text.of(raw).forEach(value -> {
            assertThat(text.of(value)).isEqualTo(Either.right(value));
            assertThat(text.constructor.apply(value)).hasToString(value);
        });
    }

    @Property
    void acceptedTextIsComposedAndWithinTheLimit(@ForAll("texts") Text text, @ForAll("unicode") String raw) {
        text.of(raw).forEach(value -> {
            assertThat(Normalizer.isNormalized(value, Normalizer.Form.NFC)).isTrue();
            assertThat(value.codePointCount(0, value.length())).isBetween(1, text.max);
            assertThat(value).doesNotContain("\r");
            assertThat(new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(value);
            if (!text.multiLine) {
                assertThat(value).isEqualTo(value.strip()).doesNotContain("\n", "\t", "\u2028", "\u2029");
            }
        });
    }

    @Property
    void constructorAcceptsAnyStoredText(@ForAll("texts") Text text, @ForAll("unicode") String stored) {
        assertThat(text.constructor.apply(stored)).hasToString(stored);
    }

    @Property
    void composedAndDecomposedTextGiveTheSameValue(@ForAll("texts") Text text, @ForAll("unicode") String raw) {
        assertThat(text.of(Normalizer.normalize(raw, Normalizer.Form.NFD))).isEqualTo(text.of(raw));
    }

    @Example
    void combiningAccentGivesTheSameNameAsTheComposedLetter() {
        assertThat(UserName.of("Zoe\u0308"))
                .isEqualTo(UserName.of("Zo\u00eb"))
                .isEqualTo(Either.right(new UserName("Zo\u00eb")));
    }

    @Property
    void whiteSpaceAroundASingleLineIsRemoved(
            @ForAll("texts") Text text, @ForAll @IntRange(max = 3) int before, @ForAll @IntRange(max = 3) int after) {
        String raw = " ".repeat(before) + "a  b" + "\u3000".repeat(after);

        assertThat(text.of(raw)).isEqualTo(Either.right(text.multiLine ? raw : "a  b"));
    }

    @Example
    void messageKeepsTabsAndLinesAndEndsEachLineWithALineFeed() {
        assertThat(MessageText.of("\tone\r\ntwo\rthree\n\r\n ").map(MessageText::value))
                .isEqualTo(Either.right("\tone\ntwo\nthree\n\n "));
    }

    // --- limits and rejections ---

    @Property
    void limitCountsCodePointsOfTheNormalisedText(
            @ForAll("texts") Text text, @ForAll("visible") String one, @ForAll @IntRange(min = -2, max = 2) int more) {
        String raw = one.repeat(text.max + more);

        assertThat(text.of(raw))
                .isEqualTo(more > 0 ? Either.left(new Rejection.TooLong(text.name, text.max)) : Either.right(raw));
        assertThat(text.of(Normalizer.normalize(raw, Normalizer.Form.NFD))).isEqualTo(text.of(raw));
    }

    @Example
    void nameMayHaveThirtyTwoEmojiAndNoMore() {
        assertThat(UserName.of("🦀".repeat(32)).map(UserName::value)).isEqualTo(Either.right("🦀".repeat(32)));
        assertThat(UserName.of("🦀".repeat(33))).isEqualTo(Either.left(new Rejection.TooLong("user name", 32)));
    }

    @Example
    void textThatGrowsBeyondTheLimitWhenNormalisedIsRejected() {
        String growing = "\u0958";
        assertThat(Normalizer.normalize(growing, Normalizer.Form.NFC)).hasSize(2);

        assertThat(UserName.of(growing.repeat(16)).map(name -> name.value().length()))
                .isEqualTo(Either.right(32));
        assertThat(UserName.of(growing.repeat(17))).isEqualTo(Either.left(new Rejection.TooLong("user name", 32)));
    }

    @Property
    void textWithoutAVisibleCharacterIsBlank(@ForAll("texts") Text text, @ForAll("blank") String raw) {
        assertThat(text.of(raw)).isEqualTo(Either.left(new Rejection.Blank(text.name)));
    }

    @Provide
    Arbitrary<String> blank() {
        return invisible().list().ofMaxSize(40).map(chars -> String.join("", chars));
    }

    @Property
    void textWithOneVisibleCharacterIsAccepted(
            @ForAll("texts") Text text, @ForAll("invisible") String invisible, @ForAll("visible") String visible) {
        assertThat(text.of(invisible + visible + invisible).isRight()).isTrue();
    }

    @Property
    void controlCharactersAreRejectedExceptLineBreaksAndTabsInMessages(
            @ForAll("texts") Text text,
            @ForAll("visible") String before,
            @ForAll("controls") char control,
            @ForAll("visible") String after) {
        String raw = before + control + after;
        boolean allowed = text.multiLine && "\n\t\r".indexOf(control) >= 0;

        assertThat(text.of(raw))
                .isEqualTo(
                        allowed
                                ? Either.right(raw.replace('\r', '\n'))
                                : Either.left(new Rejection.ControlCharacter(text.name)));
        assertThat(text.of(before + control).isLeft()).isEqualTo(!allowed);
    }

    @Property
    void lineSeparatorsAreRejectedInSingleLines(@ForAll("texts") Text text) {
        for (String separator : new String[] {"\u2028", "\u2029"}) {
            for (String raw : new String[] {"a" + separator + "b", "a" + separator}) {
                assertThat(text.of(raw))
                        .isEqualTo(
                                text.multiLine
                                        ? Either.right(raw)
                                        : Either.left(new Rejection.ControlCharacter(text.name)));
            }
        }
    }

    @Property
    void unpairedSurrogateIsTheFirstReasonToRejectAText(
            @ForAll("texts") Text text, @ForAll("unicode") String around, @ForAll("surrogates") char surrogate) {
        String raw = around + "\0" + surrogate + " " + around;

        assertThat(text.of(raw)).isEqualTo(Either.left(new Rejection.UnpairedSurrogate(text.name)));
    }

    @Example
    void surrogatePairInTheRightOrderIsAccepted() {
        assertThat(UserName.of("\ud83e\udd80").isRight()).isTrue();
        assertThat(UserName.of("\udd80\ud83e")).isEqualTo(Either.left(new Rejection.UnpairedSurrogate("user name")));
    }
}
