package dev.chatlab.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.RoomName;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class InboundFrameTest {

    // --- parsing ---

    @Test
    void objectIsFrameWithItsFields() {
        assertThat(InboundFrame.parse("{\"action\":\"dispatch\",\"value\":\"hi\",\"new field\":[1,{}]}")
                        .get()
                        .fields())
                .containsOnlyKeys("action", "value", "new field")
                .containsEntry("value", "hi");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void absentTextIsFrameWithoutFields(String text) {
        assertThat(InboundFrame.parse(text).get().fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "hello", "{", "{\"action\":}", "{'action':'x'}", "{\"action\":\"\\ud8\"}", "\u0000"})
    void textThatIsNotJsonIsMalformed(String text) {
        assertThat(InboundFrame.parse(text).getLeft().code()).isEqualTo("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"action\":\"dispatch\"}]", "null", "true", "1", "\"dispatch\""})
    void jsonThatIsNoObjectIsMalformed(String text) {
        assertThat(InboundFrame.parse(text).getLeft().code()).isEqualTo("malformed");
    }

    @Test
    void deeplyNestedJsonIsMalformed() {
        assertThat(InboundFrame.parse("{\"value\":".repeat(20_000)).getLeft().code())
                .isEqualTo("malformed");
    }

    @Test
    void numberOfTooManyDigitsIsMalformed() {
        assertThat(InboundFrame.parse("{\"since\":" + "9".repeat(5_000) + "}")
                        .getLeft()
                        .code())
                .isEqualTo("malformed");
    }

    // --- fields ---

    @Test
    void requiredFieldIsRead() {
        assertThat(frame("value", " hall ").value("value", RoomName::of)).isEqualTo(Either.right(new RoomName("hall")));
    }

    @Test
    void requiredFieldOfAnotherTypeIsMalformed() {
        assertThat(frame("value", 7).value("value", RoomName::of).getLeft().code())
                .isEqualTo("malformed");
    }

    @Test
    void missingRequiredFieldIsMalformed() {
        assertThat(frame("other", "hall").value("value", RoomName::of).getLeft().code())
                .isEqualTo("malformed");
    }

    @Test
    void emptyRequiredFieldIsRejectedByItsRule() {
        assertThat(frame("value", "").value("value", RoomName::of).getLeft().code())
                .isEqualTo("blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"room\":null}", "{\"room\":\"\"}"})
    void optionalFieldThatIsMissingNullOrEmptyIsAbsent(String text) {
        assertThat(InboundFrame.parse(text).get().option("room", RoomName::of)).isEqualTo(Either.right(Option.none()));
    }

    @Test
    void optionalFieldThatIsPresentMustBeValid() {
        assertThat(frame("room", " ").option("room", RoomName::of).getLeft().code())
                .isEqualTo("blank");
        assertThat(frame("room", 7).option("room", RoomName::of).getLeft().code())
                .isEqualTo("malformed");
        assertThat(frame("room", "hall").option("room", RoomName::of))
                .isEqualTo(Either.right(Option.some(new RoomName("hall"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2147483648", "9223372036854775807"})
    void seqIsWholeNumberFromZero(String number) {
        assertThat(InboundFrame.parse("{\"since\":" + number + "}").get().seq("since"))
                .isEqualTo(Either.right(Option.some(Long.valueOf(number))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "1.0", "1e3", "9223372036854775808", "\"1\"", "\"\"", "true", "[]"})
    void seqOfAnyOtherValueIsMalformed(String value) {
        assertThat(InboundFrame.parse("{\"since\":" + value + "}")
                        .get()
                        .seq("since")
                        .getLeft()
                        .code())
                .isEqualTo("malformed");
    }

    @Test
    void seqThatIsMissingOrNullIsAbsent() {
        assertThat(InboundFrame.parse("{}").get().seq("since")).isEqualTo(Either.right(Option.none()));
        assertThat(InboundFrame.parse("{\"since\":null}").get().seq("since")).isEqualTo(Either.right(Option.none()));
    }

    // --- error frames ---

    @Test
    void errorFrameRepeatsActionRoomAndIdOfTheRequest() {
        InboundFrame frame = new InboundFrame(Map.of("action", "dispatch", "room", "hall", "id", "m-1", "value", "hi"));

        Response response = frame.error(ErrorResponse.BUSY);

        assertThat(response.error()).isEqualTo(Option.some(ErrorResponse.BUSY));
        assertThat(response.continuation()).isEmpty();
        assertThat(response.frame().json())
                .isEqualTo("{\"type\":\"error\",\"code\":\"busy\",\"message\":\""
                        + ErrorResponse.BUSY.message()
                        + "\",\"action\":\"dispatch\",\"room\":\"hall\",\"id\":\"m-1\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new-room", "join-room"})
    void errorFrameOfActionThatNamesItsRoomInValueRepeatsThatRoom(String action) {
        InboundFrame frame = new InboundFrame(Map.of("action", action, "value", "hall", "room", "attic"));

        assertThat(frame.error(ErrorResponse.BUSY).frame().fields()).containsEntry("room", "hall");
    }

    @Test
    void errorFrameDoesNotRepeatInvalidValues() {
        InboundFrame frame =
                new InboundFrame(Map.of("action", "x".repeat(1_000), "room", "\u0007", "id", 7, "value", "hi"));

        assertThat(frame.error(ErrorResponse.BUSY).frame().fields()).containsOnlyKeys("type", "code", "message");
    }

    private static InboundFrame frame(String field, Object value) {
        return new InboundFrame(Map.of(field, value));
    }
}
