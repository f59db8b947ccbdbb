package dev.chatlab.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.protocol.ErrorResponse;
import dev.chatlab.protocol.Frame;
import io.vavr.collection.Seq;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** A frame that is not a valid request is answered with an error frame. No event is stored and no frame is posted. */
class MalformedFramesTest {

    private static final String ANN = "ann";
    private static final List<String> ROUTES = List.of("register", "new-room", "join-room", "dispatch", "leave-room");

    /** The error codes in the README. */
    private static final Set<String> CODES = Set.of(
            "blank",
            "too-long",
            "control-character",
            "unpaired-surrogate",
            "invalid-key",
            "malformed",
            "unknown-action",
            "not-connected",
            "not-registered",
            "already-registered",
            "name-taken",
            "room-exists",
            "no-such-room",
            "not-a-member",
            "too-many-rooms",
            "no-room",
            "room-ambiguous");

    private static @Nullable Functions shared;

    /** Ann is in two rooms, so a request without a room is rejected, too. */
    @BeforeContainer
    static void annIsInTwoRooms() {
        Functions functions = new Functions();
        functions.connectAndRegister(ANN, "Ann");
        functions.send(ANN, "new-room", "{'action':'new-room','value':'hall'}");
        functions.send(ANN, "new-room", "{'action':'new-room','value':'attic'}");
        functions.api.takeFrames(ANN);
        shared = functions;
    }

    @AfterContainer
    static void stop() {
        functions().close();
    }

    private static Functions functions() {
        return Objects.requireNonNull(shared);
    }

    /**
     * A frame that is not a valid request.
     *
     * @param codes the codes that its error frame may have
     */
    record InvalidFrame(String route, String body, Set<String> codes) {}

    @Property
    void textThatIsNotJsonIsMalformed(@ForAll("notJson") InvalidFrame frame) {
        assertRejected(frame);
    }

    @Property
    void jsonThatIsNotAnObjectIsMalformed(@ForAll("notAnObject") InvalidFrame frame) {
        assertRejected(frame);
    }

    @Property
    void fieldOfAnotherTypeIsMalformed(@ForAll("mistyped") InvalidFrame frame) {
        assertRejected(frame);
    }

    @Property
    void textThatTheDomainRejectsHasTheRejectionsCode(@ForAll("rejectedText") InvalidFrame frame) {
        assertRejected(frame);
    }

    @Property(tries = 60)
    void tooDeeplyNestedFrameIsMalformed(@ForAll("nested") InvalidFrame frame) {
        assertRejected(frame);
    }

    @Property
    void anyFrameOfAnUnknownConnectionIsRejected(@ForAll("objects") String body, @ForAll("routes") String route) {
        assertRejected("never-connected", new InvalidFrame(route, body, CODES));
    }

    /** AWS does not document whether a client can select these routes. */
    @Property(tries = 20)
    void messageOnALifecycleRouteIsAnUnknownAction(
            @ForAll("lifecycleRoutes") String route, @ForAll("connections") String connection) {
        assertRejected(
                connection,
                new InvalidFrame(route, "{\"action\":\"" + route + "\",\"value\":\"x\"}", Set.of("unknown-action")));
    }

    @Property(tries = 20)
    void lifecycleEventOnAMessageRouteIsAnUnknownAction(@ForAll("routes") String route) {
        for (String type : List.of("CONNECT", "DISCONNECT")) {
            var event = functions().event(ANN, type, route);
            event.setBody(Json.text(valid(route)));
            Snapshot before = Snapshot.now();

            assertThat(functions().handle(route, event).getBody())
                    .isEqualTo(ErrorResponse.UNKNOWN_ACTION.frame().json());
            assertThat(Snapshot.now()).isEqualTo(before);
        }
    }

    // --- checks ---

    private static void assertRejected(InvalidFrame invalid) {
        assertRejected(ANN, invalid);
    }

    private static void assertRejected(String connection, InvalidFrame invalid) {
        Snapshot before = Snapshot.now();

        String response = functions().sendRaw(connection, invalid.route, invalid.body);

        Map<String, Object> frame = Json.object(response);
        assertThat(frame).containsEntry("type", "error").containsKey("message");
        assertThat(frame.get("code")).isIn(invalid.codes);
        assertThat(response.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(Frame.MAX_BYTES);
        assertThat(Snapshot.now()).isEqualTo(before);
    }

    /** The store and the posts at one time. */
    record Snapshot(Seq<?> registered, Seq<?> rooms, Seq<Seq<ChatEvent>> events, List<?> posts) {

        static Snapshot now() {
            ChatStore store = functions().store();
            Seq<StreamId> streams = store.openRooms()
                    .map(StreamId::of)
                    .append(StreamId.of(new ConnectionId(ANN)))
                    .append(StreamId.of(new ConnectionId("never-connected")))
                    .appendAll(store.registered().map(one -> StreamId.of(one.user())));
            return new Snapshot(
                    store.registered(),
                    store.openRooms(),
                    streams.map(stream -> store.read(stream, 0)),
                    functions().api.posts());
        }
    }

    // --- frames ---

    @Provide
    Arbitrary<String> routes() {
        return Arbitraries.of(ROUTES);
    }

    @Provide
    Arbitrary<String> lifecycleRoutes() {
        return Arbitraries.of("$connect", "$disconnect");
    }

    @Provide
    Arbitrary<String> connections() {
        return Arbitraries.of(ANN, "never-connected");
    }

    @Provide
    Arbitrary<InvalidFrame> notJson() {
        Arbitrary<InvalidFrame> cut = Combinators.combine(
                        routes(), Arbitraries.doubles().between(0, 1))
                .as((route, position) -> {
                    String text = Json.text(valid(route));
                    return malformed(route, text.substring(0, 1 + (int) (position * (text.length() - 2))));
                });
        Arbitrary<InvalidFrame> noise = Combinators.combine(
                        routes(), Arbitraries.strings().all().ofMaxLength(200))
                .as((route, text) -> malformed(route, "!" + text));
        Arbitrary<InvalidFrame> nearly = Combinators.combine(
                        routes(),
                        Arbitraries.of(
                                "{'value':'x'}", "{value:1}", "{\"value\":}", "{\"value\":01}", "[1,]", "nul", "\""))
                .as(MalformedFramesTest::malformed);
        return Arbitraries.oneOf(cut, noise, nearly);
    }

    @Provide
    Arbitrary<InvalidFrame> notAnObject() {
        return Combinators.combine(
                        routes(),
                        Arbitraries.of(
                                "[]", "[{\"value\":\"x\"}]", "\"value\"", "17", "-1.5e3", "true", "null", "[[[]]]"))
                .as(MalformedFramesTest::malformed);
    }

    @Provide
    Arbitrary<InvalidFrame> mistyped() {
        Arbitrary<Object> notText = Arbitraries.of(17, -1.5, true, List.of(), List.of("x"), Map.of(), Map.of("x", "y"));
        Arbitrary<Object> notSeq = Arbitraries.of(
                "3",
                "",
                -1,
                1.5,
                1e30,
                Double.MAX_VALUE,
                true,
                List.of(1),
                Map.of(),
                new java.math.BigInteger("99999999999999999999"));
        Arbitrary<InvalidFrame> mistypedText = Combinators.combine(texts(), notText)
                .as((field, value) -> malformed(field.get1(), Json.text(with(field.get1(), field.get2(), value))));
        Arbitrary<InvalidFrame> mistypedSeq =
                notSeq.map(value -> malformed("join-room", Json.text(with("join-room", "since", value))));
        Arbitrary<InvalidFrame> hugeSeq = Arbitraries.integers()
                .between(1_001, 5_000)
                .map(digits -> malformed(
                        "join-room",
                        "{\"action\":\"join-room\",\"value\":\"hall\",\"since\":" + "9".repeat(digits) + "}"));
        Arbitrary<InvalidFrame> missingValue = Arbitraries.of("register", "new-room", "join-room", "dispatch")
                .map(route -> {
                    Map<String, Object> fields = valid(route);
                    fields.remove("value");
                    return malformed(route, Json.text(fields));
                });
        return Arbitraries.oneOf(mistypedText, mistypedSeq, hugeSeq, missingValue);
    }

    @Provide
    Arbitrary<InvalidFrame> rejectedText() {
        Arbitrary<Tuple2<String, String>> texts = Arbitraries.oneOf(
                Arbitraries.of(" ", "\u3000\u200b", "\u00ad").map(text -> Tuple.of(text, "blank")),
                Arbitraries.of("a\u0000", "\u0007", "\u0085x", "a\u007fb")
                        .map(text -> Tuple.of(text, "control-character")),
                Arbitraries.integers().between(4_001, 9_000).map(length -> Tuple.of("x".repeat(length), "too-long")),
                Arbitraries.chars()
                        .range(Character.MIN_SURROGATE, Character.MAX_SURROGATE)
                        .map(half -> Tuple.of("a" + half, "unpaired-surrogate")));
        return Combinators.combine(texts(), texts, Arbitraries.of(true, false)).as((field, text, escaped) -> {
            String body = Json.text(with(field.get1(), field.get2(), text.get1()));
            return new InvalidFrame(
                    field.get1(),
                    escaped ? escaped(body) : body,
                    Set.of(field.get2().equals("key") ? "invalid-key" : text.get2()));
        });
    }

    @Provide
    Arbitrary<InvalidFrame> nested() {
        return Combinators.combine(
                        routes(),
                        Arbitraries.integers().between(1_001, 10_000),
                        Arbitraries.of("value", "room", "ignored"),
                        Arbitraries.of(true, false))
                .as((route, depth, field, arrays) -> malformed(
                        route,
                        "{\"" + field + "\":"
                                + (arrays
                                        ? "[".repeat(depth) + "]".repeat(depth)
                                        : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth))
                                + "}"));
    }

    /** Any JSON object, with fields of the protocol and others. */
    @Provide
    Arbitrary<String> objects() {
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(40).map(text -> (Object) text),
                Arbitraries.of("hall", "Ann", "", "the-key-of-Ann-0123456789").map(text -> (Object) text),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.of(true, false).map(bool -> (Object) bool));
        Arbitrary<Object> value = Arbitraries.lazyOf(
                () -> leaf,
                () -> leaf,
                () -> leaf.list().ofMaxSize(3).map(list -> (Object) list),
                () -> Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), leaf)
                        .ofMaxSize(3)
                        .map(map -> (Object) map));
        return Arbitraries.maps(
                        Arbitraries.of("action", "value", "room", "id", "key", "since", "name", "__proto__"), value)
                .map(Json::text);
    }

    /** The routes and their fields with text. */
    private static Arbitrary<Tuple2<String, String>> texts() {
        return Arbitraries.of(List.of(
                Tuple.of("register", "value"),
                Tuple.of("register", "key"),
                Tuple.of("new-room", "value"),
                Tuple.of("join-room", "value"),
                Tuple.of("dispatch", "value"),
                Tuple.of("dispatch", "room"),
                Tuple.of("dispatch", "id"),
                Tuple.of("leave-room", "room")));
    }

    private static Map<String, Object> valid(String route) {
        Map<String, Object> fields = new LinkedHashMap<>(Map.of("action", route));
        Stream.of("value", "room").forEach(name -> fields.put(name, "hall"));
        return fields;
    }

    private static Map<String, Object> with(String route, String name, Object value) {
        Map<String, Object> fields = valid(route);
        fields.put(name, value);
        return fields;
    }

    private static InvalidFrame malformed(String route, String body) {
        return new InvalidFrame(route, body, Set.of("malformed"));
    }

    private static String escaped(String json) {
        var text = new StringBuilder();
        json.chars().forEach(c -> text.append(c < 128 ? Character.toString(c) : "\\u%04x".formatted(c)));
        return text.toString();
    }
}
