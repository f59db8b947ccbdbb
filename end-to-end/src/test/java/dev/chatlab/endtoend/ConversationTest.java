package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The wire protocol over real sockets, through the template's routes and the real handlers. */
@ParameterizedClass
@EnumSource(LocalChat.Store.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationTest {

    @Parameter
    private LocalChat.Store store;

    private LocalChat chat;

    @BeforeParameterizedClassInvocation
    void start() {
        chat = LocalChat.start(store);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        chat.close();
    }

    @Test
    void twoMembersExchangeMessages() {
        Client ann = chat.registered("Ann");
        Client ben = chat.registered("Ben");

        ann.send("action", "new-room", "value", "hall");
        assertThat(ann.await("ack")).containsEntry("seq", 1).containsEntry("members", List.of("Ann"));
        assertThat(ben.await("single-room")).containsEntry("message", "hall");

        ben.send("action", "join-room", "value", "hall");
        assertThat(ben.await("multi-message"))
                .containsEntry("messages", List.of())
                .containsEntry("members", List.of("Ann", "Ben"))
                .containsEntry("seq", 2)
                .containsEntry("more", false);
        assertThat(ann.await("member-joined")).containsEntry("user", "Ben").containsEntry("seq", 2);

        ben.send("action", "dispatch", "value", "Good morning.\nAnybody here?", "id", "m-1");
        assertThat(ben.await("ack")).containsEntry("seq", 3).containsEntry("id", "m-1");
        assertThat(ann.await("client-message"))
                .containsEntry("user", "Ben")
                .containsEntry("message", "Good morning.\nAnybody here?")
                .containsEntry("seq", 3)
                .containsEntry("id", "m-1")
                .containsKey("time");

        ben.send("action", "dispatch", "value", "Good morning.\nAnybody here?", "id", "m-1", "room", "hall");
        assertThat(ben.await("ack")).as("sent twice, stored once").containsEntry("seq", 3);

        ben.send("action", "leave-room");
        assertThat(ben.await("ack")).containsEntry("room", "hall");
        assertThat(ann.await("member-left")).containsEntry("user", "Ben").containsEntry("seq", 4);

        ann.send("action", "leave-room", "room", "hall");
        assertThat(ben.await("delete-room")).containsEntry("room", "hall");
    }

    /** The original lab's client always sends room and name, with null or an empty string if it has none, and text of several lines. */
    @Test
    void framesOfTheOriginalLabsClientAreAccepted() {
        Client client = chat.client();
        client.sendText("{\"action\":\"register\",\"value\":\"Lab\",\"room\":null,\"name\":null}");
        assertThat(client.await("signup").get("rooms")).isInstanceOf(List.class);
        client.sendText("{\"action\":\"new-room\",\"value\":\"bench\",\"room\":null,\"name\":\"Lab\"}");
        assertThat(client.await("single-room")).containsEntry("message", "bench");
        client.sendText("{\"action\":\"dispatch\",\"value\":\"one\\ntwo\",\"room\":\"bench\",\"name\":\"Lab\"}");
        assertThat(client.await("client-message")).containsEntry("user", "Lab").containsEntry("message", "one\ntwo");
        client.sendText("{\"action\":\"leave-room\",\"value\":\"leave-room\",\"room\":\"bench\",\"name\":\"Lab\"}");
        assertThat(client.await("delete-room")).containsEntry("room", "bench");
        client.close();
    }

    /** The shortest frames of the original lab's client have no room and no id: it is in one room at a time. */
    @Test
    void framesWithoutRoomAndIdAreAccepted() {
        Client one = chat.client();
        Client two = chat.client();
        one.send("action", "register", "value", "One", "name", "One");
        assertThat(one.await("signup")).containsEntry("user", "One");
        two.send("action", "register", "value", "Two", "name", "Two");
        two.await("signup");
        one.send("action", "new-room", "value", "desk", "name", "One");
        assertThat(two.await("single-room")).containsEntry("message", "desk");
        one.send("action", "dispatch", "value", "said before", "name", "One");
        one.await("client-message");

        two.send("action", "join-room", "value", "desk", "name", "Two");
        assertThat(contents(two.await("multi-message"))).containsExactly("said before");
        two.send("action", "dispatch", "value", "hello", "name", "Three");
        assertThat(one.await("client-message"))
                .containsEntry("user", "Two")
                .containsEntry("message", "hello")
                .doesNotContainKey("id");
        two.await("client-message");

        one.send("action", "leave-room", "value", "desk", "name", "One");
        one.await("ack");
        two.send("action", "leave-room", "value", "desk", "name", "Two");
        assertThat(one.await("delete-room")).containsEntry("room", "desk");
        one.close();
        two.close();
    }

    @Test
    void sinceReturnsEveryMissedMessageInPages() {
        Client cat = chat.registered("Cat");
        cat.send("action", "new-room", "value", "archive");
        cat.await("ack");
        for (int i = 0; i < 120; i++) {
            cat.send("action", "dispatch", "value", "m" + i, "id", "c" + i, "room", "archive");
            cat.await("ack");
        }
        Client dan = chat.registered("Dan");
        dan.send("action", "join-room", "value", "archive");
        assertThat(contents(dan.await("multi-message")))
                .hasSize(50)
                .startsWith("m70")
                .endsWith("m119");

        dan.send("action", "join-room", "value", "archive", "since", 0);
        Map<String, Object> first = dan.await("multi-message");
        assertThat(first).containsEntry("more", true);
        List<String> all = new ArrayList<>(contents(first));
        dan.send("action", "join-room", "value", "archive", "since", all.size() + 1);
        Map<String, Object> second = dan.await("multi-message");
        assertThat(second).containsEntry("more", false);
        all.addAll(contents(second));
        assertThat(all)
                .isEqualTo(LongStream.range(0, 120).mapToObj(i -> "m" + i).toList());
    }

    @SuppressWarnings("unchecked")
    private static List<String> contents(Map<String, Object> frame) {
        return ((List<Map<String, Object>>) field(frame, "messages"))
                .stream().map(message -> (String) message.get("content")).toList();
    }

    @Test
    void pageOfLongMessagesIsSplitIntoFramesOfThirtyTwoKilobytes() {
        Client eve = chat.registered("Eve");
        eve.send("action", "new-room", "value", "long");
        eve.await("ack");
        String text = "\uD83D\uDE00".repeat(4_000);
        for (int i = 0; i < 3; i++) {
            eve.send("action", "dispatch", "value", text, "id", "e" + i, "room", "long");
            eve.await("ack");
        }
        long since = 0;
        List<String> all = new ArrayList<>();
        boolean more = true;
        while (more) {
            eve.send("action", "join-room", "value", "long", "since", since);
            Map<String, Object> page = eve.await("multi-message");
            all.addAll(contents(page));
            more = (boolean) field(page, "more");
            since = 1L + all.size();
        }
        assertThat(all).containsExactly(text, text, text);
        assertThat(eve.largestMessage()).isBetween(16 * 1024, 32 * 1024);
    }

    @Test
    void membersAreNotifiedWhenAConnectionBreaks() {
        Client fay = chat.registered("Fay");
        Client gil = chat.registered("Gil");
        fay.send("action", "new-room", "value", "cliff");
        fay.await("ack");
        gil.send("action", "join-room", "value", "cliff");
        gil.await("multi-message");

        gil.kill();

        assertThat(fay.await("member-left")).containsEntry("user", "Gil");
        Client again = chat.registered("Gil");
        assertThat(again.isOpen()).isTrue();
    }

    @Test
    void resumeKeyTakesTheNameOverAndClosesTheOldSession() {
        Client old = chat.client();
        old.send("action", "register", "value", "Hal");
        String key = (String) field(old.await("signup"), "key");

        Client stranger = chat.client();
        stranger.send("action", "register", "value", "Hal");
        assertThat(stranger.await("error")).containsEntry("code", "name-taken").containsEntry("action", "register");

        Client self = chat.client();
        self.send("action", "register", "value", "Hal", "key", key);
        assertThat(self.await("signup")).containsEntry("key", key);
        assertThat(old.await("error")).containsEntry("code", "signed-in-elsewhere");
    }

    static List<List<String>> malformed() {
        return List.of(
                List.of("not JSON", "unknown-action"),
                List.of("", "unknown-action"),
                List.of("[1,2]", "unknown-action"),
                List.of("\"register\"", "unknown-action"),
                List.of("null", "unknown-action"),
                List.of("{}", "unknown-action"),
                List.of("{\"action\":7}", "unknown-action"),
                List.of("{\"action\":\"nonsense\"}", "unknown-action"),
                List.of("{\"action\":\"$connect\"}", "unknown-action"),
                List.of("{\"action\":\"$disconnect\"}", "unknown-action"),
                List.of("{\"action\":\"$default\"}", "unknown-action"),
                List.of("[".repeat(3_000), "unknown-action"),
                List.of("{\"action\":\"dispatch\"}", "malformed"),
                List.of("{\"action\":\"dispatch\",\"value\":5,\"id\":\"k\"}", "malformed"),
                List.of("{\"action\":\"dispatch\",\"value\":{\"a\":[]}}", "malformed"),
                List.of("{\"action\":\"dispatch\",\"value\":\"x\",\"room\":3}", "malformed"),
                List.of("{\"action\":\"dispatch\",\"value\":\"x\",\"id\":false}", "malformed"),
                List.of("{\"action\":\"join-room\",\"value\":\"x\",\"since\":\"1\"}", "malformed"),
                List.of("{\"action\":\"join-room\",\"value\":\"x\",\"since\":-1}", "malformed"),
                List.of("{\"action\":\"join-room\",\"value\":\"x\",\"since\":1.5}", "malformed"),
                List.of("{\"action\":\"join-room\",\"value\":\"x\",\"since\":99999999999999999999}", "malformed"),
                List.of("{\"action\":\"dispatch\",\"value\":\"\"}", "blank"),
                List.of("{\"action\":\"dispatch\",\"value\":\"\\u0007\"}", "control-character"),
                List.of("{\"action\":\"dispatch\",\"value\":\"\\ud800\"}", "unpaired-surrogate"),
                List.of("{\"action\":\"dispatch\",\"value\":\"" + "x".repeat(4_001) + "\"}", "too-long"),
                List.of("{\"action\":\"dispatch\",\"value\":\"x\",\"id\":\"" + "i".repeat(65) + "\"}", "too-long"),
                List.of("{\"action\":\"register\",\"value\":\"Ann\",\"key\":\"short\"}", "invalid-key"),
                List.of("{\"action\":\"new-room\",\"value\":\"a\\nb\"}", "control-character"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedFrameGetsItsErrorCodeAndTheConnectionStaysOpen(List<String> frameAndCode) {
        Client client = chat.client();

        client.sendText(frameAndCode.get(0));

        assertThat(client.await("error"))
                .containsEntry("code", frameAndCode.get(1))
                .containsKey("message");
        client.send("action", "join-room", "value", "nowhere");
        assertThat(client.await("error")).containsEntry("code", "not-registered");
        client.close();
    }

    @Test
    void oversizedMessageAndBinaryFrameCloseTheConnection() {
        Client tooLarge = chat.client();
        tooLarge.sendText("x".repeat(129 * 1024));
        assertThat(tooLarge.closeCode()).isEqualTo(1009);

        Client binary = chat.client();
        binary.socket().sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
        assertThat(binary.closeCode()).isEqualTo(1003);
    }

    @Test
    void onlyFilesOfTheWebFolderAreServed() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<String> page =
                http.send(HttpRequest.newBuilder(chat.page()).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html;charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'self'"));
        for (String outside : List.of("%2e%2e/pom.xml", "..%2fpom.xml", "%2e%2e%2fpom.xml", "no-such-file.js")) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(chat.page() + outside)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(outside).isBetween(400, 404);
        }
    }

    /** Every member receives every message once, in one order, without a gap. */
    @Test
    void fiftyMembersSendingAtOnceReceiveEveryMessageInOneOrder() {
        int members = 50;
        int messages = 4;
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            Client client = chat.registered("p" + i);
            client.send("action", i == 0 ? "new-room" : "join-room", "value", "crowd");
            client.await(ConversationTest::isResponse);
            clients.add(client);
        }
        for (int m = 0; m < messages; m++) {
            for (int i = 0; i < members; i++) {
                clients.get(i)
                        .send("action", "dispatch", "value", "p" + i + " says " + m, "id", "i" + m, "room", "crowd");
            }
        }
        long first = members + 1L;
        List<Long> expected = LongStream.range(first, first + (long) members * messages)
                .boxed()
                .toList();
        List<List<Object>> received = new ArrayList<>();
        for (Client client : clients) {
            for (int i = 0; i < members * messages; i++) {
                client.await("client-message");
            }
            received.add(client.all("client-message").stream()
                    .sorted(java.util.Comparator.comparingLong(f -> ((Number) field(f, "seq")).longValue()))
                    .<Object>map(f -> f.get("message"))
                    .toList());
            assertThat(client.all("client-message").stream()
                            .map(f -> ((Number) field(f, "seq")).longValue())
                            .sorted())
                    .isEqualTo(expected);
        }
        assertThat(received).allMatch(received.get(0)::equals);
        assertThat(received.get(0)).hasSize(members * messages).doesNotHaveDuplicates();
        clients.forEach(Client::kill);
    }

    private static Object field(Map<String, Object> frame, String name) {
        return Objects.requireNonNull(frame.get(name), name);
    }

    private static boolean isResponse(Map<String, Object> frame) {
        return "ack".equals(frame.get("type")) || "multi-message".equals(frame.get("type"));
    }
}
