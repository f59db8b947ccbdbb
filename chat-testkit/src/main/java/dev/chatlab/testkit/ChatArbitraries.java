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
 * Arbitraries for jqwik properties: names, texts, commands, and the {@link Scenario}s that random commands lead to.
 *
 * <p>Connections, names, keys and message ids come from small pools, and time often does not advance between two commands.
 * Therefore names are often taken, messages are often repeated and reservations often expire, which is what the rules of the chat
 * decide. {@link ChatDomain} provides these arbitraries by type.
 */
public final class ChatArbitraries {

    /** The time at which every scenario starts. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    // In both pools of names, the last two names sort differently by code points and by UTF-16 units.

    private static final Vector<ConnectionId> CONNECTIONS =
            Vector.of("c1", "c2", "c3", "c4", "c5").map(ConnectionId::new);
    private static final Vector<UserName> USERS =
            Vector.of("ann", "Zo\u00eb", "\ufb01n", "\ud83e\udd80").map(UserName::new);
    private static final Vector<RoomName> ROOMS =
            Vector.of("hall", "\uff5e caf\u00e9", "\ud83c\udf75 tea").map(RoomName::new);
    private static final Vector<ClientMessageId> IDS =
            Vector.of("m1", "m2", "m3").map(ClientMessageId::new);
    private static final Vector<ResumeKey> KEYS = Vector.of(
                    "first-key-of-a-pool", "second-key-of-a-pool", "third-key-of-a-pool")
            .map(ResumeKey::new);

    private ChatArbitraries() {}

    // --- values ---

    /** One of five connections. */
    public static Arbitrary<ConnectionId> connections() {
        return Arbitraries.of(CONNECTIONS.asJava());
    }

    /** One of four user names. */
    public static Arbitrary<UserName> users() {
        return Arbitraries.of(USERS.asJava());
    }

    /** One of three room names. */
    public static Arbitrary<RoomName> rooms() {
        return Arbitraries.of(ROOMS.asJava());
    }

    /** One of three message ids. */
    public static Arbitrary<ClientMessageId> messageIds() {
        return Arbitraries.of(IDS.asJava());
    }

    /** One of three resume keys. Two users may have the same key. */
    public static Arbitrary<ResumeKey> keys() {
        return Arbitraries.of(KEYS.asJava());
    }

    /** Valid message texts of up to 50 code points from all of Unicode. */
    public static Arbitrary<MessageText> texts() {
        return unicode().map(MessageText::of).filter(text -> text.isRight()).map(text -> text.get());
    }

    /** Strings of up to 50 {@link #codePoints()}: raw input, which a rule for texts may reject or normalise. */
    public static Arbitrary<String> unicode() {
        return codePoints().list().ofMaxSize(50).map(points -> {
            var text = new StringBuilder();
            points.forEach(text::appendCodePoint);
            return text.toString();
        });
    }

    /**
     * All code points except surrogates. White space, invisible, combining, composed, control and supplementary characters are
     * frequent.
     */
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

    /** No identity, or one of two. Two connections may have the same identity. */
    private static Arbitrary<Option<Identity>> identities() {
        return Arbitraries.of(
                Option.none(),
                Option.some(new Identity("eu-west-1:0f6a0c35-9d4e-4b7b-8a44-3e1f1c1d2a01")),
                Option.some(new Identity("arn:aws:iam::000000000000:user/zoë")));
    }

    // --- policies ---

    /** Policies with short connection lifetimes and low limits, so that a few commands reach them. */
    public static Arbitrary<ChatPolicy> policies() {
        return Combinators.combine(
                        Arbitraries.of(Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(135)),
                        Arbitraries.of(1, 2, 20, 20),
                        Arbitraries.of(true, true, false),
                        Arbitraries.of(0, 3, 50))
                .as(ChatPolicy::new);
    }

    // --- commands ---

    /** The seven commands with equal frequency, all at {@link #START}. {@link #at} changes the time. */
    public static Arbitrary<ChatCommand> commands() {
        return Arbitraries.oneOf(
                connects(), registrations(), creations(), joins(), messages(), departures(), disconnects());
    }

    /** The seven commands with the frequencies of a usual conversation: mostly messages and joins. */
    private static Arbitrary<ChatCommand> usualCommands() {
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

    /** The same command at another time. */
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

    /** The time between two commands: mostly zero, sometimes half of a short connection lifetime. */
    private static Arbitrary<Duration> pauses() {
        return Arbitraries.frequency(
                Tuple.of(20, Duration.ZERO),
                Tuple.of(6, Duration.ofMillis(1)),
                Tuple.of(2, Duration.ofMinutes(1)),
                Tuple.of(1, Duration.ofMinutes(5)));
    }

    /**
     * A random command, drawn before its scenario is known.
     *
     * @param pause the time since the previous command
     * @param choice a random number that selects whether the sender is replaced by one that may send the command, and by which
     */
    private record Draft(Duration pause, ChatCommand command, int choice) {

        ChatCommand in(Scenario scenario) {
            ChatCommand later = at(scenario.now().plus(pause), command);
            return choice % 3 == 0 ? later : withSuitableSender(later, scenario.chat(), choice / 3);
        }
    }

    private static Arbitrary<Draft> drafts(Arbitrary<ChatCommand> commands) {
        return Combinators.combine(pauses(), commands, Arbitraries.integers().between(0, 299))
                .as(Draft::new);
    }

    /** Replaces the sender by a connection that may send the command, if there is one, and the room by one of the sender's rooms. */
    private static ChatCommand withSuitableSender(ChatCommand command, Chat chat, int choice) {
        record Membership(ConnectionId connection, RoomName room) {}
        Vector<Session> named = chat.sessions()
                .values()
                .toVector()
                .filter(session -> session.user().isDefined());
        Vector<Session> unnamed = chat.sessions()
                .values()
                .toVector()
                .filter(session -> session.user().isEmpty());
        Vector<Membership> memberships = named.flatMap(
                session -> session.rooms().toVector().map(room -> new Membership(session.connection(), room)));
        return switch (command) {
            case ChatCommand.Connect c -> c;
            case ChatCommand.RegisterUser c ->
                pick(unnamed, choice)
                        .map(session -> c.withConnection(session.connection()))
                        .getOrElse(c);
            case ChatCommand.CreateRoom c ->
                pick(named, choice)
                        .map(session -> c.withConnection(session.connection()))
                        .getOrElse(c);
            case ChatCommand.JoinRoom c ->
                pick(named, choice)
                        .map(session -> c.withConnection(session.connection()))
                        .getOrElse(c);
            case ChatCommand.SendMessage c ->
                pick(memberships, choice)
                        .map(membership -> c.withConnection(membership.connection())
                                .withRoom(c.room().map(room -> membership.room())))
                        .getOrElse(c);
            case ChatCommand.LeaveRoom c ->
                pick(memberships, choice)
                        .map(membership -> c.withConnection(membership.connection())
                                .withRoom(c.room().map(room -> membership.room())))
                        .getOrElse(c);
            case ChatCommand.Disconnect c -> c;
        };
    }

    private static <T> Option<T> pick(Vector<T> values, int choice) {
        return values.isEmpty() ? Option.none() : Option.some(values.get(choice % values.size()));
    }

    // --- scenarios ---

    /** The commands of a scenario: up to 80, in the order of their times. Most of them are accepted. */
    public static Arbitrary<Seq<ChatCommand>> conversations() {
        return scenarios().map(Scenario::commands);
    }

    /** Scenarios of up to 80 commands. A third starts without connections, the others with most or all of them registered. */
    public static Arbitrary<Scenario> scenarios() {
        return Combinators.combine(
                        policies(),
                        Arbitraries.of(0, CONNECTIONS.size() - 1, CONNECTIONS.size()),
                        drafts(usualCommands()).list().ofMaxSize(70).withSizeDistribution(RandomDistribution.uniform()))
                .as(ChatArbitraries::scenario)
                .withoutEdgeCases();
    }

    private static Scenario scenario(ChatPolicy policy, int connections, Iterable<Draft> drafts) {
        Scenario scenario = Scenario.empty(policy, START).after(registrations(connections));
        for (Draft draft : drafts) {
            scenario = scenario.after(draft.in(scenario));
        }
        return scenario;
    }

    /** Connects this many connections and registers them. The fifth stays without a name, because there are four names. */
    private static Seq<ChatCommand> registrations(int connections) {
        return CONNECTIONS
                .take(connections)
                .<ChatCommand>map(connection -> new ChatCommand.Connect(connection, START))
                .appendAll(CONNECTIONS
                        .take(connections)
                        .zip(USERS)
                        .zipWithIndex((pair, i) ->
                                new ChatCommand.RegisterUser(pair._1, pair._2, KEYS.get(i % KEYS.size()), START)));
    }

    /**
     * A scenario and a command to decide in it. A third of the commands ends a session, so that decisions of several steps are
     * frequent. Some are sent at the moment a reservation expires, or one millisecond before.
     */
    public static Arbitrary<DecisionCase> decisionCases() {
        return Combinators.combine(
                        scenarios(), drafts(commands()), Arbitraries.integers().between(0, 299))
                .as((scenario, draft, choice) -> {
                    Instant now = scenario.now();
                    Instant at = pick(scenario.chat().reservations().values().toVector(), choice / 3)
                            .map(reservation -> reservation.expiresAt().minusMillis(choice % 2))
                            .filter(expiry -> choice % 5 == 0 && !expiry.isBefore(now))
                            .getOrElse(now.plus(draft.pause()));
                    Vector<ChatCommand> endings =
                            choice % 3 == 0 ? sessionEndings(scenario.chat(), at) : Vector.empty();
                    return new DecisionCase(scenario, pick(endings, choice / 3).getOrElse(at(at, draft.in(scenario))));
                })
                .withoutEdgeCases();
    }

    /** The commands that end a session: the disconnect of every connection, and every takeover by a connection without a name. */
    private static Vector<ChatCommand> sessionEndings(Chat chat, Instant at) {
        Vector<Session> sessions = chat.sessions().values().toVector();
        Vector<ChatCommand> disconnects = sessions.map(session -> new ChatCommand.Disconnect(session.connection(), at));
        Vector<ChatCommand> takeovers = sessions.filter(
                        session -> session.user().isEmpty())
                .flatMap(unnamed -> chat.reservations()
                        .values()
                        .flatMap(reservation -> KEYS.filter(key -> key.digest().equals(reservation.key()))
                                .map(key -> new ChatCommand.RegisterUser(
                                        unnamed.connection(), reservation.user(), key, at))));
        return disconnects.appendAll(takeovers);
    }
}
