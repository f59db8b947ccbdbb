package dev.chatlab.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may connect. */
class AllowedOriginsTest {

    private final AllowedOrigins some = AllowedOrigins.parse("https://chat.example, http://localhost:8080,");

    @ParameterizedTest
    @ValueSource(strings = {"https://chat.example", "http://localhost:8080"})
    void aPageInTheListMayConnect(String origin) {
        assertThat(some.admit(from(origin))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://chat.example",
                "https://chat.example:8443",
                "https://chat.example.evil.example",
                "https://evil.example/https://chat.example",
                "https://CHAT.example",
                "http://localhost",
                "null",
                ""
            })
    void anyOtherMayNot(String origin) {
        assertThat(some.admit(from(origin))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://Chat.Example, https://chat.example",
        "HTTPS://chat.example:443, https://chat.example",
        "http://chat.example:80, http://chat.example",
        "http://chat.example:443, http://chat.example:443",
        "http://[::1]:8080, http://[::1]:8080"
    })
    void theListIsReadAsABrowserWouldWriteIt(String entry, String origin) {
        assertThat(AllowedOrigins.parse(entry).admit(from(origin))).isTrue();
    }

    @Test
    void theHeadersNameMayBeWrittenInAnyCase() {
        assertThat(some.admit(with(Map.of("origin", "https://evil.example")))).isFalse();
        assertThat(some.admit(with(Map.of("ORIGIN", "https://chat.example")))).isTrue();
    }

    @Test
    void aSecondOriginDoesNotHideTheFirst() {
        var event = from("https://chat.example");
        event.setMultiValueHeaders(Map.of("Origin", List.of("https://evil.example", "https://chat.example")));

        assertThat(some.admit(event)).isFalse();
    }

    @Test
    void aProgramThatIsNoBrowserMayConnect() {
        assertThat(some.admit(new APIGatewayV2WebSocketEvent())).isTrue();
        assertThat(some.admit(with(Map.of("User-Agent", "curl")))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "any", "https://chat.example,any"})
    void aStarOrAnyAllowsEveryPage(String list) {
        assertThat(AllowedOrigins.parse(list).admit(from("https://evil.example")))
                .isTrue();
        assertThat(AllowedOrigins.parse(list).admit(from("null"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", ","})
    void anEmptyListOrNoneAllowsNoPage(String list) {
        assertThat(AllowedOrigins.parse(list).admit(from("https://chat.example")))
                .isFalse();
        assertThat(AllowedOrigins.parse(list).admit(from("none"))).isFalse();
        assertThat(AllowedOrigins.parse(list).admit(from("null"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat.example",
                "https://chat.example/",
                "https://chat.example/path",
                "https://chat.example?",
                "https://me@chat.example",
                "https://*.example",
                "null"
            })
    void whatIsNotAnOriginIsNoneOfThem(String entry) {
        assertThatThrownBy(() -> AllowedOrigins.parse("http://localhost:8080," + entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(entry);
    }

    private static APIGatewayV2WebSocketEvent from(String origin) {
        return with(Map.of("Origin", origin));
    }

    private static APIGatewayV2WebSocketEvent with(Map<String, String> headers) {
        var event = new APIGatewayV2WebSocketEvent();
        event.setHeaders(headers);
        return event;
    }
}
