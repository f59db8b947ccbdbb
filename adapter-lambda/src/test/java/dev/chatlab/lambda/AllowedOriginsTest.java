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

/** The foreign origins of handshakes, by the list of allowed origins. */
class AllowedOriginsTest {

    private final AllowedOrigins some = AllowedOrigins.parse("https://chat.example, http://localhost:8080,");

    @ParameterizedTest
    @ValueSource(strings = {"https://chat.example", "http://localhost:8080"})
    void listedOriginIsAllowed(String origin) {
        assertThat(some.foreign(from(origin))).isEmpty();
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
    void otherOriginIsForeign(String origin) {
        assertThat(some.foreign(from(origin))).containsExactly(origin);
    }

    @ParameterizedTest
    @CsvSource({
        "https://Chat.Example, https://chat.example",
        "HTTPS://chat.example:443, https://chat.example",
        "http://chat.example:80, http://chat.example",
        "http://chat.example:443, http://chat.example:443",
        "http://[::1]:8080, http://[::1]:8080"
    })
    void listedOriginIsComparedInTheFormThatABrowserSends(String entry, String origin) {
        assertThat(AllowedOrigins.parse(entry).foreign(from(origin))).isEmpty();
    }

    @Test
    void headerIsFoundInUpperAndLowerCase() {
        assertThat(some.foreign(with(Map.of("origin", "https://evil.example"))))
                .containsExactly("https://evil.example");
        assertThat(some.foreign(with(Map.of("ORIGIN", "https://chat.example")))).isEmpty();
    }

    @Test
    void handshakeWithOneForeignOriginOfSeveralIsForeign() {
        var event = from("https://chat.example");
        event.setMultiValueHeaders(Map.of("Origin", List.of("https://evil.example", "https://chat.example")));

        assertThat(some.foreign(event)).containsExactly("https://evil.example");
    }

    @Test
    void handshakeWithoutOriginIsAllowed() {
        assertThat(some.foreign(new APIGatewayV2WebSocketEvent())).isEmpty();
        assertThat(some.foreign(with(Map.of("User-Agent", "curl")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "any", "https://chat.example,any"})
    void starOrAnyAllowsEveryOrigin(String list) {
        assertThat(AllowedOrigins.parse(list).foreign(from("https://evil.example")))
                .isEmpty();
        assertThat(AllowedOrigins.parse(list).foreign(from("null"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", ","})
    void emptyListOrNoneAllowsNoOrigin(String list) {
        assertThat(AllowedOrigins.parse(list).foreign(from("https://chat.example")))
                .containsExactly("https://chat.example");
        assertThat(AllowedOrigins.parse(list).foreign(from("none"))).containsExactly("none");
        assertThat(AllowedOrigins.parse(list).foreign(from("null"))).containsExactly("null");
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
    void listWithAnEntryThatIsNotAnOriginIsReported(String entry) {
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
