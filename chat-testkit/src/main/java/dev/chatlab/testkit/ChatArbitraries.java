package dev.chatlab.testkit;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.Identity;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * What chats are made of, for properties.
 *
 * <p>Names, keys and ids come from pools so small that they collide all the time, times from a clock that often stands
 * still and sometimes passes a connection's lifetime: the rules are about just that.
 */
public final class ChatArbitraries {

    /** When the scenarios begin. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Vector<ConnectionId> CONNECTIONS =
            Vector.of("c1", "c2", "c3", "c4", "c5").map(ConnectionId::new);
    private static final Vector<UserName> USERS =
            Vector.of("ann", "bob", "Zo\u00eb", "\ud83e\udd80").map(UserName::new);
    private static final Vector<RoomName> ROOMS =
            Vector.of("hall", "caf\u00e9", "\u2615 a b").map(RoomName::new);
    private static final Vector<ClientMessageId> IDS =
            Vector.of("m1", "m2", "m3").map(ClientMessageId::new);
    private static final Vector<ResumeKey> KEYS = Vector.of(
                    "first-key-of-a-pool", "second-key-of-a-pool", "third-key-of-a-pool")
            .map(ResumeKey::new);

    private ChatArbitraries() {}

    // --- values ---

    public static Arbitrary<ConnectionId> connections() {
        return Arbitraries.of(CONNECTIONS.asJava());
    }

    public static Arbitrary<UserName> users() {
        return Arbitraries.of(USERS.asJava());
    }

    public static Arbitrary<RoomName> rooms() {
        return Arbitraries.of(ROOMS.asJava());
    }

    public static Arbitrary<ClientMessageId> messageIds() {
        return Arbitraries.of(IDS.asJava());
    }

    /** Now and then the key that somebody else shows, too. */
    public static Arbitrary<ResumeKey> keys() {
        return Arbitraries.of(KEYS.asJava());
    }

    /** Messages of up to 50 code points from all of Unicode. */
    public static Arbitrary<MessageText> texts() {
        return unicode().map(MessageText::of).filter(text -> text.isRight()).map(text -> text.get());
    }

    /** Up to 50 code points that UTF-8 can carry, many of them from where text is treacherous; not always a value. */
    public static Arbitrary<String> unicode() {
        return codePoints().list().ofMaxSize(50).map(points -> {
            var text = new StringBuilder();
            points.forEach(text::appendCodePoint);
            return text.toString();
        });
    }

    /** All code points but surrogates: plain, white, invisible, combining, composed, beyond the basic plane, control. */
    public static Arbitrary<Integer> codePoints() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between('!', '~')),
                Tuple.of(
                        2,
                        Arbitraries.of(' ', '\u00a0', '\u2000', '\u2003', '\u2028', '\u3000')
                                .map(c -> (int) c)),
                Tuple.of(
                        2,
                        Arbitraries.of('\u200b', '\u200d', '\u202e', '\ufeff', '\u00ad')
                                .map(c -> (int) c)),
                Tuple.of(2, Arbitraries.integers().between(0x300, 0x36f)),
                Tuple.of(
                        2,
                        Arbitraries.of('\u00e9', '\u1e69', '\u212b', '\u0958', '\ufb1d', '\uac01')
                                .map(c -> (int) c)),
                Tuple.of(1, Arbitraries.integers().between(0x1100, 0x11ff)),
                Tuple.of(1, Arbitraries.integers().between(0x1f300, 0x1faff)),
                Tuple.of(1, Arbitraries.of('\n', '\t', '\r').map(c -> (int) c)),
                Tuple.of(1, Arbitraries.integers().between(0, 0x9f)),
                Tuple.of(3, Arbitraries.integers().between(0, 0xd7ff)),
                Tuple.of(1, Arbitraries.integers().between(0xe000, Character.MAX_CODE_POINT)));
    }

    /** Of two people, who may come more than once, and of others nothing is known. */
    private static Arbitrary<Option<Identity>> identities() {
        return Arbitraries.of(
                Option.none(),
                Option.some(new Identity("eu-west-1:0f6a0c35-9d4e-4b7b-8a44-3e1f1c1d2a01")),
                Option.some(new Identity("arn:aws:iam::000000000000:user/zoë")));
    }

    // --- policies ---

    /** Lifetimes that a few commands outlive, and limits that a few rooms reach. */
    public static Arbitrary<ChatPolicy> policies() {
        return Combinators.combine(
                        Arbitraries.of(Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(135)),
                        Arbitraries.of(1, 2, 20, 20),
                        Arbitraries.of(true, true, false),
                        Arbitraries.of(0, 3, 50))
                .as(ChatPolicy::new);
    }

    // --- commands ---

    /** Any of the seven commands, all made at {@link #START}; {@link #at} moves them. */
    public static Arbitrary<ChatCommand> commands() {
        return Arbitraries.oneOf(
                connects(), registrations(), creations(), joins(), messages(), departures(), disconnects());
    }

    /** What people do all day. */
    private static Arbitrary<ChatCommand> everydayCommands() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, connects()),
                Tuple.of(2, registrations()),
                Tuple.of(4, creations()),
                Tuple.of(12, joins()),
                Tuple.of(14, messages()),
                Tuple.of(3, departures()),
                Tuple.of(1, disconnects()));
    }

    private static Arbitrary<ChatCommand> connects() {
        return Combinators.combine(connections(), identities())
                .as((c, identity) -> new ChatCommand.Connect(c, identity, START));
    }

    private static Arbitrary<ChatCommand> registrations() {
        return Combinators.combine(connections(), users(), keys())
                .as((c, user, key) -> new ChatCommand.RegisterUser(c, user, key, START));
    }

    private static Arbitrary<ChatCommand> creations() {
        return Combinators.combine(connections(), rooms()).as((c, room) -> new ChatCommand.CreateRoom(c, room, START));
    }

    private static Arbitrary<ChatCommand> joins() {
        return Combinators.combine(connections(), rooms()).as((c, room) -> new ChatCommand.JoinRoom(c, room, START));
    }

    private static Arbitrary<ChatCommand> messages() {
        return Combinators.combine(
                        connections(),
                        option(rooms(), 0.3),
                        Arbitraries.of("hello", "\u5217\n\tline", "\ud83d\udc4b")
                                .map(MessageText::new),
                        option(messageIds(), 0.2))
                .as((c, room, text, id) -> new ChatCommand.SendMessage(c, room, text, id, START));
    }

    private static Arbitrary<ChatCommand> departures() {
        return Combinators.combine(connections(), option(rooms(), 0.3))
                .as((c, room) -> new ChatCommand.LeaveRoom(c, room, START));
    }

    private static Arbitrary<ChatCommand> disconnects() {
        return connections().map(c -> new ChatCommand.Disconnect(c, START));
    }

    private static <T> Arbitrary<Option<T>> option(Arbitrary<T> some, double none) {
        return some.injectNull(none).map(Option::of);
    }

    /** The same wish at another time. */
    public static ChatCommand at(Instant at, ChatCommand command) {
        return switch (command) {
            case ChatCommand.Connect c -> c.withAt(at);
            case ChatCommand.RegisterUser c -> c.withAt(at);
            case ChatCommand.CreateRoom c -> c.withAt(at);
            case ChatCommand.JoinRoom c -> c.withAt(at);
            case ChatCommand.SendMessage c -> c.withAt(at);
            case ChatCommand.LeaveRoom c -> c.withAt(at);
            case ChatCommand.Disconnect c -> c.withAt(at);
        };
    }

    /** How much later the next command is made: mostly not at all, now and then by half a short lifetime. */
    public static Arbitrary<Duration> pauses() {
        return Arbitraries.frequency(
                Tuple.of(20, Duration.ZERO),
                Tuple.of(6, Duration.ofMillis(1)),
                Tuple.of(2, Duration.ofMinutes(1)),
                Tuple.of(1, Duration.ofMinutes(5)));
    }

    /** Something to ask, later or now; with {@code luck}, so that it makes sense in the scenario in which it is asked. */
    private record Wish(Duration pause, ChatCommand command, int luck) {

        ChatCommand in(Scenario scenario) {
            ChatCommand wanted = at(scenario.now().plus(pause), command);
            return luck % 3 == 0 ? wanted : aptly(wanted, scenario.chat(), luck / 3);
        }
    }

    private static Arbitrary<Wish> wishes(Arbitrary<ChatCommand> commands) {
        return Combinators.combine(pauses(), commands, Arbitraries.integers().between(0, 299))
                .as(Wish::new);
    }

    /** The same wish of somebody who may have it, if there is anybody. */
    private static ChatCommand aptly(ChatCommand command, Chat chat, int luck) {
        record In(ConnectionId connection, RoomName room) {}
        Vector<Session> named = chat.sessions()
                .values()
                .toVector()
                .filter(session -> session.user().isDefined());
        Vector<Session> nameless = chat.sessions()
                .values()
                .toVector()
                .filter(session -> session.user().isEmpty());
        Vector<In> members =
                named.flatMap(session -> session.rooms().toVector().map(room -> new In(session.connection(), room)));
        return switch (command) {
            case ChatCommand.Connect c -> c;
            case ChatCommand.RegisterUser c ->
                one(nameless, luck)
                        .map(session -> c.withConnection(session.connection()))
                        .getOrElse(c);
            case ChatCommand.CreateRoom c ->
                one(named, luck)
                        .map(session -> c.withConnection(session.connection()))
                        .getOrElse(c);
            case ChatCommand.JoinRoom c ->
                one(named, luck)
                        .map(session -> c.withConnection(session.connection()))
                        .getOrElse(c);
            case ChatCommand.SendMessage c ->
                one(members, luck)
                        .map(in -> c.withConnection(in.connection())
                                .withRoom(c.room().map(room -> in.room())))
                        .getOrElse(c);
            case ChatCommand.LeaveRoom c ->
                one(members, luck)
                        .map(in -> c.withConnection(in.connection())
                                .withRoom(c.room().map(room -> in.room())))
                        .getOrElse(c);
            case ChatCommand.Disconnect c -> c;
        };
    }

    private static <T> Option<T> one(Vector<T> of, int luck) {
        return of.isEmpty() ? Option.none() : Option.some(of.get(luck % of.size()));
    }

    // --- scenarios ---

    /** Up to 80 commands, each made at or after the one before it, most of them to some effect. */
    public static Arbitrary<Seq<ChatCommand>> conversations() {
        return scenarios().map(Scenario::commands);
    }

    /** Scenarios that conversations lead to: some begin with nobody there, most with everybody registered. */
    public static Arbitrary<Scenario> scenarios() {
        return Combinators.combine(
                        policies(),
                        Arbitraries.of(0, CONNECTIONS.size() - 1, CONNECTIONS.size()),
                        wishes(everydayCommands())
                                .list()
                                .ofMaxSize(70)
                                .withSizeDistribution(RandomDistribution.uniform()))
                .as(ChatArbitraries::scenario)
                .withoutEdgeCases();
    }

    private static Scenario scenario(ChatPolicy policy, int people, Iterable<Wish> wishes) {
        Scenario scenario = Scenario.empty(policy, START).after(arrivals(people));
        for (Wish wish : wishes) {
            scenario = scenario.after(wish.in(scenario));
        }
        return scenario;
    }

    /** One more than there are names. */
    private static Seq<ChatCommand> arrivals(int people) {
        return CONNECTIONS
                .take(people)
                .<ChatCommand>map(connection -> new ChatCommand.Connect(connection, START))
                .appendAll(CONNECTIONS
                        .take(people)
                        .zip(USERS)
                        .zipWithIndex((who, i) ->
                                new ChatCommand.RegisterUser(who._1, who._2, KEYS.get(i % KEYS.size()), START)));
    }

    /**
     * A scenario and any command; or, a third of the time, one that ends a session, with all that this takes; now and then
     * just when a reservation expiresAt, or a millisecond before.
     */
    public static Arbitrary<DecisionCase> decisionCases() {
        return Combinators.combine(
                        scenarios(), wishes(commands()), Arbitraries.integers().between(0, 299))
                .as((scenario, wish, luck) -> {
                    Instant now = scenario.now();
                    Instant at = one(scenario.chat().reservations().values().toVector(), luck / 3)
                            .map(reservation -> reservation.expiresAt().minusMillis(luck % 2))
                            .filter(lapse -> luck % 5 == 0 && !lapse.isBefore(now))
                            .getOrElse(now.plus(wish.pause()));
                    Vector<ChatCommand> endings = luck % 3 == 0 ? endings(scenario.chat(), at) : Vector.empty();
                    return new DecisionCase(scenario, one(endings, luck / 3).getOrElse(at(at, wish.in(scenario))));
                })
                .withoutEdgeCases();
    }

    /** Everybody's disconnect, and every takeover by whoever is there without a name. */
    private static Vector<ChatCommand> endings(Chat chat, Instant at) {
        Vector<Session> sessions = chat.sessions().values().toVector();
        Vector<ChatCommand> disconnects = sessions.map(session -> new ChatCommand.Disconnect(session.connection(), at));
        Vector<ChatCommand> takeovers = sessions.filter(
                        session -> session.user().isEmpty())
                .flatMap(nameless -> chat.reservations()
                        .values()
                        .flatMap(reservation -> KEYS.filter(key -> key.digest().equals(reservation.key()))
                                .map(key -> new ChatCommand.RegisterUser(
                                        nameless.connection(), reservation.user(), key, at))));
        return disconnects.appendAll(takeovers);
    }
}
