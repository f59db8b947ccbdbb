package dev.chatlab.lambda;

import static dev.chatlab.lambda.FakeConnectionsApi.Response.GONE;
import static dev.chatlab.lambda.FakeConnectionsApi.Response.OK;
import static dev.chatlab.lambda.FakeConnectionsApi.Response.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Log lines and metrics of requests: they name the request, and contain neither messages nor resume keys. */
class LogContentTest {

    private static final String TEXT = "the-text-of-this-message";
    private static final String KEY = "a-secret-resume-key-of-ann";
    private static final String OTHER_KEY = "a-secret-resume-key-of-ben";

    private final LogLines log = new LogLines();
    private final Functions functions = new Functions(Map.of("CHAT_STORE", "failing"));

    @AfterEach
    void stop() {
        log.close();
        functions.close();
        MDC.clear();
    }

    /** Sends every kind of request, and causes every kind of failure. */
    private void sendEveryKindOfRequest() {
        functions.connect("a");
        functions.connect("b");
        functions.connect("c");
        functions.send("a", "register", "{'action':'register','value':'Ann','key':'%s'}".formatted(KEY));
        functions.send("b", "register", "{'action':'register','value':'Ben','key':'%s'}".formatted(OTHER_KEY));
        functions.send("c", "register", "{'action':'register','value':'Ann','key':'%s'}".formatted(OTHER_KEY));
        functions.send("c", "register", "{'action':'register','value':'Ann','key':'%s \u00fc'}".formatted(KEY));
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("b", "join-room", "{'action':'join-room','value':'hall'}");
        // A conflict, then an unknown outcome, then stored and delivered to both members.
        functions.send("a", "dispatch", "{'action':'dispatch','value':'%s','room':'hall','id':'i'}".formatted(TEXT));
        // The store throws.
        functions.send("a", "dispatch", "{'action':'dispatch','value':'%s'}".formatted(TEXT));
        functions.send("a", "dispatch", "{'action':'%s','value':'%s','room':'attic'}".formatted(TEXT, TEXT));
        functions.sendRaw("a", "dispatch", TEXT);
        functions.sendRaw("a", "dispatch", "{\"action\":\"dispatch\",\"value\":\"" + TEXT + "\\ud800\"}");
        functions.sendRaw("a", "dispatch", "{\"value\":\"" + TEXT);
        functions.send("b", "join-room", "{'action':'join-room','value':'hall','since':0}");
        functions.api.respondWith(SERVER_ERROR);
        functions.send("b", "leave-room", "{'action':'leave-room'}");
        functions.api.respondWith(OK);
        functions.send("c", "register", "{'action':'register','value':'Ann','key':'%s'}".formatted(KEY));
        functions.disconnect("b");
        functions.disconnect("c");
    }

    @Test
    void everyLineIsOneJsonObject() {
        sendEveryKindOfRequest();

        assertThat(log.written()).isNotEmpty().allSatisfy(line -> {
            assertThat(line).startsWith("{").endsWith("}\n");
            assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
            Map<String, Object> object = Json.object(line);
            if (object.containsKey("_aws")) {
                EmbeddedMetricFormat.check(object);
            } else {
                assertThat(object).containsKeys("timestamp", "level", "logger", "message");
            }
        });
    }

    @Test
    void noLoggerWritesMessagesOrKeysAtAnyLevel() {
        sendEveryKindOfRequest();

        assertThat(log.of("dev.chatlab.lambda"))
                .extracting(line -> line.get("level"))
                .contains("DEBUG", "WARN", "ERROR");
        assertThat(log.of("software.amazon.awssdk")).isNotEmpty();
        assertThat(log.written())
                .allSatisfy(line -> assertThat(line)
                        .doesNotContain(TEXT)
                        .doesNotContain(KEY)
                        .doesNotContain(OTHER_KEY));
    }

    @Test
    void lineNamesRequestConnectionRoomAndAppend() {
        sendEveryKindOfRequest();

        assertThat(log.of("dev.chatlab.lambda.LoggingObserver"))
                .filteredOn(line -> "WARN".equals(line.get("level")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("connection", "a")
                        .containsEntry("room", "hall")
                        .containsEntry("route", "dispatch")
                        .containsEntry("requestId", "request-10")
                        .hasEntrySatisfying("append", id -> assertThat(id).isInstanceOf(String.class)));
        List<Object> conflictAndRepeat = log.of("dev.chatlab.lambda.LoggingObserver").stream()
                .filter(line -> "request-10".equals(line.get("requestId")))
                .map(line -> Objects.requireNonNull(line.get("append")))
                .distinct()
                .toList();
        assertThat(conflictAndRepeat).hasSize(2);
    }

    @Test
    void roomIsNamedIfTheRequestLeavesItOut() {
        functions.connectAndRegister("a", "Ann");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");

        functions.send("a", "dispatch", "{'action':'dispatch','value':'x'}");

        assertThat(log.metrics())
                .filteredOn(document -> document.containsKey("Messages"))
                .singleElement()
                .satisfies(document -> assertThat(document).containsEntry("room", "hall"));
    }

    @Test
    void linesOfPostingThreadsNameTheRequest() {
        functions.connectAndRegister("a", "Ann");
        functions.connectAndRegister("b", "Ben");
        functions.api.respondWith(SERVER_ERROR);

        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");

        assertThat(log.of("dev.chatlab.lambda.ConnectionsGateway"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("connection", "a")
                        .containsEntry("room", "hall")
                        .containsEntry("requestId", "request-5"))
                .extracting(line -> String.valueOf(line.get("message")))
                .anyMatch(message -> message.startsWith("could not post to connection a:"))
                .anyMatch(message -> message.startsWith("could not post to connection b:"));
    }

    @Test
    void linesAfterTheRequestDoNotNameIt() {
        MDC.put("outer", "kept");
        functions.connect("a");

        LoggerFactory.getLogger("after").info("after");

        assertThat(log.of("after"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("outer", "kept")
                        .doesNotContainKeys("connection", "requestId", "route"));
    }

    @Test
    void metricsAreWrittenOnceWhenTheRequestEnds() {
        functions.connectAndRegister("a", "Ann");
        functions.connectAndRegister("b", "Ben");
        functions.connectAndRegister("c", "Cat");
        functions.send("a", "new-room", "{'action':'new-room','value':'hall'}");
        functions.send("b", "join-room", "{'action':'join-room','value':'hall'}");
        functions.send("c", "join-room", "{'action':'join-room','value':'hall'}");
        functions.api.respondWith(GONE, OK);

        functions.send("a", "dispatch", "{'action':'dispatch','value':'hello'}");

        assertThat(log.metrics())
                .filteredOn(document -> "dispatch".equals(document.get("route")))
                .singleElement()
                .satisfies(document -> assertThat(document)
                        .containsEntry("Messages", 1)
                        .containsEntry("Gone", 1)
                        .containsEntry("Conflicts", 1)
                        .containsKeys("Recipients", "DeliveryTime", "SendMessageTime")
                        .doesNotContainKeys("Rejections", "Undelivered")
                        .containsEntry("connection", "a")
                        .containsEntry("requestId", "request-10"));
    }

    @Test
    void everyErrorResponseIsCountedUnderItsCode() {
        functions.connect("a");
        functions.send("a", "register", "{'action':'register'}");
        functions.send("a", "dispatch", "{'action':'dispatch','value':'x'}");
        functions.handle("$connect", functions.event("a", "MESSAGE", "$connect"));

        assertThat(log.metrics())
                .extracting(document -> document.get("Code"))
                .containsExactly("malformed", "not-registered", "unknown-action");
        assertThat(log.metrics()).allSatisfy(document -> assertThat(document).containsEntry("Rejections", 1));
    }

    @Test
    void foreignOriginIsCountedAndLoggedShortened() {
        var handshake = functions.event("a", "CONNECT", "$connect");
        handshake.setHeaders(Map.of("Origin", "https://evil.example/" + "x".repeat(1000)));

        functions.handle("$connect", handshake);

        assertThat(log.metrics())
                .singleElement()
                .satisfies(document -> assertThat(document)
                        .containsEntry("Code", "foreign-origin")
                        .containsEntry("Rejections", 1)
                        .containsEntry("connection", "a"));
        assertThat(log.of("dev.chatlab.lambda.ConnectHandler"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("level", "INFO")
                        .containsEntry("route", "$connect")
                        .hasEntrySatisfying(
                                "message",
                                message -> assertThat(String.valueOf(message))
                                        .startsWith("ALLOWED_ORIGINS does not contain https://evil.example/xxx")
                                        .hasSizeLessThan(150)));
    }

    @Test
    void storeThatCannotBeOpenedIsCountedAsInternalAndLoggedWithTheReason() {
        var message = functions.event("a", "MESSAGE", "new-room");
        message.setBody("{\"action\":\"new-room\",\"value\":\"hall\"}");
        var handshake = functions.event("a", "CONNECT", "$connect");

        for (var event : List.of(message, handshake)) {
            event.setStageVariables(Map.of(FailingStore.UNUSABLE, "true"));
            functions.handle(event.getRequestContext().getRouteKey(), event);
        }

        assertThat(log.metrics())
                .extracting(document -> document.get("route") + " " + document.get("Code"))
                .containsExactly("new-room internal", "$connect internal");
        assertThat(log.of("dev.chatlab.lambda"))
                .filteredOn(line -> "ERROR".equals(line.get("level")))
                .extracting(line -> line.get("message"))
                .hasSize(2)
                .containsOnly("the request failed: cannot open the store: " + FailingStore.UNUSABLE + " is set");
    }
}
