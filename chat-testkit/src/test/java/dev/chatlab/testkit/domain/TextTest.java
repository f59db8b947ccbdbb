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

/** Names, ids and messages hold text in one form only, and only text that people can see. */
class TextTest {

    /** A value type that holds text. */
    record Text(
            String what,
            int max,
            boolean lines,
            Function<String, Either<Rejection, ?>> factory,
            Function<String, ?> constructor) {

        /** What the value made of this holds, or why there is none. */
        Either<Rejection, String> of(String raw) {
            return factory.apply(raw).map(Object::toString);
        }

        @Override
        public String toString() {
            return what;
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

    /** White space other than control characters, and characters without a shape. */
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

    // --- one form ---

    @Property
    void whatComesOutGoesInUnchanged(@ForAll("texts") Text text, @ForAll("unicode") String raw) {
        text.of(raw).forEach(value -> {
            assertThat(text.of(value)).isEqualTo(Either.right(value));
            assertThat(text.constructor.apply(value)).hasToString(value);
        });
    }

    @Property
    void whatComesOutIsVisibleComposedAndWithinItsLimit(@ForAll("texts") Text text, @ForAll("unicode") String raw) {
        text.of(raw).forEach(value -> {
            assertThat(Normalizer.isNormalized(value, Normalizer.Form.NFC)).isTrue();
            assertThat(value.codePointCount(0, value.length())).isBetween(1, text.max);
            assertThat(value).doesNotContain("\r");
            assertThat(new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(value);
            if (!text.lines) {
                assertThat(value).isEqualTo(value.strip()).doesNotContain("\n", "\t", "\u2028", "\u2029");
            }
        });
    }

    @Property
    void constructorAcceptsAnyStoredText(@ForAll("texts") Text text, @ForAll("unicode") String stored) {
        assertThat(text.constructor.apply(stored)).hasToString(stored);
    }

    @Property
    void composedAndDecomposedAreOne(@ForAll("texts") Text text, @ForAll("unicode") String raw) {
        assertThat(text.of(Normalizer.normalize(raw, Normalizer.Form.NFD))).isEqualTo(text.of(raw));
    }

    @Example
    void anAccentIsTheSameHoweverItWasTyped() {
        assertThat(UserName.of("Zoe\u0308"))
                .isEqualTo(UserName.of("Zo\u00eb"))
                .isEqualTo(Either.right(new UserName("Zo\u00eb")));
    }

    @Property
    void whiteSpaceAroundALineIsNotPartOfIt(
            @ForAll("texts") Text text, @ForAll @IntRange(max = 3) int before, @ForAll @IntRange(max = 3) int after) {
        String raw = " ".repeat(before) + "a  b" + "\u3000".repeat(after);

        assertThat(text.of(raw)).isEqualTo(Either.right(text.lines ? raw : "a  b"));
    }

    @Example
    void aMessageKeepsItsLinesAndTabsAndAllLineBreaksAreOne() {
        assertThat(MessageText.of("\tone\r\ntwo\rthree\n\r\n ").map(MessageText::value))
                .isEqualTo(Either.right("\tone\ntwo\nthree\n\n "));
    }

    // --- refusals ---

    @Property
    void limitsCountCodePointsOfTheComposedText(
            @ForAll("texts") Text text, @ForAll("visible") String one, @ForAll @IntRange(min = -2, max = 2) int more) {
        String raw = one.repeat(text.max + more);

        assertThat(text.of(raw))
                .isEqualTo(more > 0 ? Either.left(new Rejection.TooLong(text.what, text.max)) : Either.right(raw));
        assertThat(text.of(Normalizer.normalize(raw, Normalizer.Form.NFD))).isEqualTo(text.of(raw));
    }

    @Example
    void thirtyTwoEmojiFitAndThirtyThreeDoNot() {
        assertThat(UserName.of("🦀".repeat(32)).map(UserName::value)).isEqualTo(Either.right("🦀".repeat(32)));
        assertThat(UserName.of("🦀".repeat(33))).isEqualTo(Either.left(new Rejection.TooLong("user name", 32)));
    }

    @Example
    void aTextMayGrowBeyondItsLimitWhenItIsNormalised() {
        String grows = "\u0958";
        assertThat(Normalizer.normalize(grows, Normalizer.Form.NFC)).hasSize(2);

        assertThat(UserName.of(grows.repeat(16)).map(name -> name.value().length()))
                .isEqualTo(Either.right(32));
        assertThat(UserName.of(grows.repeat(17))).isEqualTo(Either.left(new Rejection.TooLong("user name", 32)));
    }

    @Property
    void whatNobodyCanSeeIsBlank(@ForAll("texts") Text text, @ForAll("blank") String raw) {
        assertThat(text.of(raw)).isEqualTo(Either.left(new Rejection.Blank(text.what)));
    }

    @Provide
    Arbitrary<String> blank() {
        return invisible().list().ofMaxSize(40).map(chars -> String.join("", chars));
    }

    @Property
    void oneVisibleCharacterIsEnough(
            @ForAll("texts") Text text, @ForAll("invisible") String nothing, @ForAll("visible") String something) {
        assertThat(text.of(nothing + something + nothing).isRight()).isTrue();
    }

    @Property
    void noControlCharactersButLineFeedAndTabInMessages(
            @ForAll("texts") Text text,
            @ForAll("visible") String before,
            @ForAll("controls") char control,
            @ForAll("visible") String after) {
        String raw = before + control + after;
        boolean allowed = text.lines && "\n\t\r".indexOf(control) >= 0;

        assertThat(text.of(raw))
                .isEqualTo(
                        allowed
                                ? Either.right(raw.replace('\r', '\n'))
                                : Either.left(new Rejection.ControlCharacter(text.what)));
        assertThat(text.of(before + control).isLeft()).isEqualTo(!allowed);
    }

    @Property
    void aLineHasNoLineBreakOfAnyKind(@ForAll("texts") Text text) {
        for (String separator : new String[] {"\u2028", "\u2029"}) {
            for (String raw : new String[] {"a" + separator + "b", "a" + separator}) {
                assertThat(text.of(raw))
                        .isEqualTo(
                                text.lines
                                        ? Either.right(raw)
                                        : Either.left(new Rejection.ControlCharacter(text.what)));
            }
        }
    }

    @Property
    void aSurrogateWithoutItsPartnerIsRefusedBeforeAnythingElse(
            @ForAll("texts") Text text, @ForAll("unicode") String around, @ForAll("surrogates") char surrogate) {
        String raw = around + "\0" + surrogate + " " + around;

        assertThat(text.of(raw)).isEqualTo(Either.left(new Rejection.UnpairedSurrogate(text.what)));
    }

    @Example
    void aSurrogateWithItsPartnerIsACharacter() {
        assertThat(UserName.of("\ud83e\udd80").isRight()).isTrue();
        assertThat(UserName.of("\udd80\ud83e")).isEqualTo(Either.left(new Rejection.UnpairedSurrogate("user name")));
    }
}
