package dev.chatlab.domain;

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
import net.jqwik.api.Tuple.Tuple2;

/**
 * What chats are made of, for properties.
 *
 * <p>Names, keys and ids come from pools so small that they collide all the time, times from a clock that often stands
 * still and sometimes passes a connection's lifetime: the rules are about just that.
 */
public final class ChatArbitraries {

    /** When the worlds begin. */
    public static final Instant DAWN = Instant.parse("2026-01-01T00:00:00Z");

    private static final Vector<ConnectionId> CONNECTIONS =
            Vector.of("c1", "c2", "c3", "c4", "c5").map(ConnectionId::new);
    private static final Vector<UserName> USERS =
            Vector.of("ann", "bob", "Zo\u00eb", "\ud83e\udd80").map(UserName::new);
    private static final Vector<RoomName> ROOMS =
            Vector.of("hall", "caf\u00e9", "\u2615 a b").map(RoomName::new);
    private static final Vector<ClientMessageId> IDS =
            Vector.of("m1", "m2", "m3").map(ClientMessageId::new);
    private static final Vector<ResumeKey> KEYS =
            Vector.of("one-key-of-a-pool", "two-key-of-a-pool").map(ResumeKey::new);

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

    /** Half of the time the key that somebody else shows, too. */
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

    // --- policies ---

    /** Lifetimes that a few commands outlive, and limits that a few rooms reach. */
    public static Arbitrary<ChatPolicy> policies() {
        return Combinators.combine(
                        Arbitraries.of(Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(135)),
                        Arbitraries.of(1, 2, 3, 20, 20),
                        Arbitraries.of(true, true, false),
                        Arbitraries.of(0, 3, 50))
                .as(ChatPolicy::new);
    }

    // --- commands ---

    /** Any of the seven commands, all made at {@link #DAWN}; {@link #at} moves them. */
    public static Arbitrary<ChatCommand> commands() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, connections().map(c -> new ChatCommand.Connect(c, DAWN))),
                Tuple.of(
                        2,
                        Combinators.combine(connections(), users(), keys())
                                .as((c, user, key) -> new ChatCommand.RegisterUser(c, user, key, DAWN))),
                Tuple.of(
                        4,
                        Combinators.combine(connections(), rooms())
                                .as((c, room) -> new ChatCommand.CreateRoom(c, room, DAWN))),
                Tuple.of(
                        12,
                        Combinators.combine(connections(), rooms())
                                .as((c, room) -> new ChatCommand.JoinRoom(c, room, DAWN))),
                Tuple.of(14, messages()),
                Tuple.of(
                        3,
                        Combinators.combine(connections(), option(rooms(), 0.3))
                                .as((c, room) -> new ChatCommand.LeaveRoom(c, room, DAWN))),
                Tuple.of(1, connections().map(c -> new ChatCommand.Disconnect(c, DAWN))));
    }

    private static Arbitrary<ChatCommand> messages() {
        return Combinators.combine(
                        connections(),
                        option(rooms(), 0.3),
                        Arbitraries.of("hello", "\u5217\n\tline", "\ud83d\udc4b")
                                .map(MessageText::new),
                        option(messageIds(), 0.2))
                .as((c, room, text, id) -> new ChatCommand.SendMessage(c, room, text, id, DAWN));
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

    /** Up to 80 commands, each made at or after the one before it. */
    public static Arbitrary<Seq<ChatCommand>> conversations() {
        return Combinators.combine(pauses(), commands())
                .as(Tuple::of)
                .list()
                .ofMaxSize(80)
                .withSizeDistribution(RandomDistribution.uniform())
                .map(ChatArbitraries::oneAfterTheOther);
    }

    private static Seq<ChatCommand> oneAfterTheOther(Iterable<Tuple2<Duration, ChatCommand>> wishes) {
        Vector<ChatCommand> commands = Vector.empty();
        Instant now = DAWN;
        for (var wish : wishes) {
            now = now.plus(wish.get1());
            commands = commands.append(at(now, wish.get2()));
        }
        return commands;
    }

    // --- worlds ---

    /** Worlds that conversations lead to: some begin with nobody there, most with everybody registered. */
    public static Arbitrary<World> worlds() {
        return Combinators.combine(
                        policies(), Arbitraries.of(0, CONNECTIONS.size() - 2, CONNECTIONS.size() - 1), conversations())
                .as((policy, people, commands) ->
                        World.empty(policy, DAWN).after(arrivals(people)).after(commands))
                .withoutEdgeCases();
    }

    private static Seq<ChatCommand> arrivals(int people) {
        return CONNECTIONS.take(people).zipWithIndex().flatMap(each -> {
            int i = each._2;
            var connect = new ChatCommand.Connect(each._1, DAWN);
            return i < USERS.size()
                    ? Vector.of(connect, new ChatCommand.RegisterUser(each._1, USERS.get(i), KEYS.get(i % 2), DAWN))
                    : Vector.of(connect);
        });
    }

    /** A world and any command; or, as often, one of those commands that end a session, with all that this takes. */
    public static Arbitrary<Situation> situations() {
        return Combinators.combine(
                        worlds(), pauses(), commands(), Arbitraries.integers().between(0, 99))
                .as((world, pause, command, choice) -> {
                    Instant at = world.now().plus(pause);
                    Seq<ChatCommand> endings = endings(world, at);
                    return new Situation(
                            world,
                            choice % 2 == 0 || endings.isEmpty()
                                    ? at(at, command)
                                    : endings.get(choice / 2 % endings.size()));
                })
                .withoutEdgeCases();
    }

    /** Everybody's disconnect, and every takeover by whoever is there without a name. */
    private static Seq<ChatCommand> endings(World world, Instant at) {
        Vector<Session> sessions = world.chat().sessions().values().toVector();
        Vector<ChatCommand> disconnects = sessions.map(session -> new ChatCommand.Disconnect(session.connection(), at));
        Vector<ChatCommand> takeovers = sessions.filter(
                        session -> session.user().isEmpty())
                .flatMap(nameless -> world.chat()
                        .claims()
                        .values()
                        .flatMap(claim -> KEYS.filter(key -> key.digest().equals(claim.key()))
                                .map(key ->
                                        new ChatCommand.RegisterUser(nameless.connection(), claim.user(), key, at))));
        return disconnects.appendAll(takeovers);
    }
}
