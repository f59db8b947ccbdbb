package dev.chatlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** Resume keys: their limits, and the texts that must not contain the secret. */
class ResumeKeyTest {

    private static final Either<Rejection, ResumeKey> INVALID = Either.left(new Rejection.InvalidKey(16, 128));

    @Property
    void keyHas16To128VisibleAsciiCharacters(
            @ForAll @IntRange(max = 150) int length, @ForAll @CharRange(from = '!', to = '~') char c) {
        String raw = String.valueOf(c).repeat(length);

        if (length >= 16 && length <= 128) {
            assertThat(ResumeKey.of(raw)).isEqualTo(Either.right(new ResumeKey(raw)));
            assertThat(new ResumeKey(raw).value()).isEqualTo(raw);
        } else {
            assertThat(ResumeKey.of(raw)).isEqualTo(INVALID);
        }
    }

    @Example
    void shortestAndLongestKeysAreAccepted() {
        assertThat(ResumeKey.of("k".repeat(15))).isEqualTo(INVALID);
        assertThat(ResumeKey.of("k".repeat(16)).isRight()).isTrue();
        assertThat(ResumeKey.of("k".repeat(128)).isRight()).isTrue();
        assertThat(ResumeKey.of("k".repeat(129))).isEqualTo(INVALID);
        assertThat(ResumeKey.of("!".repeat(16)).isRight()).isTrue();
        assertThat(ResumeKey.of("~".repeat(16)).isRight()).isTrue();
    }

    @Property
    void characterThatIsNotVisibleAsciiIsRejected(@ForAll char c) {
        assertThat(ResumeKey.of("sixteen-or-more:" + c).isRight()).isEqualTo(c >= '!' && c <= '~');
    }

    @Example
    void spaceAndDeleteAreRejected() {
        assertThat(ResumeKey.of("sixteen-or-more: ")).isEqualTo(INVALID);
        assertThat(ResumeKey.of("sixteen or more:k")).isEqualTo(INVALID);
        assertThat(ResumeKey.of("sixteen-or-more:\u007f")).isEqualTo(INVALID);
    }

    @Property
    void textAndDigestDoNotContainTheSecret(
            @ForAll @StringLength(min = 16, max = 128) @CharRange(from = '!', to = '~') String raw) {
        assertThat(new ResumeKey(raw)).hasToString("ResumeKey[…]");
        assertThat(new ResumeKey(raw).digest().value()).matches("[0-9a-f]{64}").doesNotContain(raw);
    }

    @Example
    void digestIsSha256InHexadecimal() {
        assertThat(new ResumeKey("0123456789abcdef").digest())
                .isEqualTo(new ResumeKey.Digest("9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f"));
    }
}
