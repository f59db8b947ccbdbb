package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatCommand;
import dev.chatlab.domain.ChatCommand.Connect;
import dev.chatlab.domain.ChatCommand.CreateRoom;
import dev.chatlab.domain.ChatCommand.JoinRoom;
import dev.chatlab.domain.ChatCommand.LeaveRoom;
import dev.chatlab.domain.ChatCommand.RegisterUser;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatEvent.RoomCreated;
import dev.chatlab.domain.ChatEvent.RoomJoined;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.ResumeKey;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.StreamId;
import dev.chatlab.domain.UserName;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Committed;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.EventStore.Loaded;
import dev.chatlab.ports.History;
import dev.chatlab.ports.ReadModels.RegisteredUser;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * The tests that every {@link ChatStore} must pass. A test class of an adapter extends this class and returns an empty store:
 *
 * <pre>{@code
 * class MyStoreTest extends ChatStoreContract {
 *     @Override
 *     protected ChatStore empty() {
 *         return new MyStore();
 *     }
 * }
 * }</pre>
 *
 * <p>The tests use every freedom that the port leaves to a store: stale loads and read models may lag, and a conflict may name no
 * winners while another append is in progress. All events have times shortly after {@link ChatArbitraries#START}, so a store that
 * deletes old events needs a clock that stands at this time.
 */
public abstract class ChatStoreContract {

    private static final int TRIES = 15;
    private static final RoomName ROOM = new RoomName("hall");

    private static final Comparator<String> BY_CODE_POINTS =
            Comparator.comparing(name -> name.codePoints().toArray(), Arrays::compare);

    /**
     * Names that other orders than that of code points sort differently: by UTF-16 units (the last four), ignoring case, by
     * numbers, and by the rules of a language.
     */
    private static final Vector<String> NAMES = Vector.of(
            "10",
            "9",
            "A",
            "Z",
            "a",
            "a b",
            "ab",
            "f",
            "z",
            "\u00c4",
            "\u00e9",
            "\u4e2d",
            "\ufb01",
            "\uff5e",
            "\ud800\udc00",
            "\ud83e\udd80");

    /** Returns a store without events. Called once for each try of a test. */
    protected abstract ChatStore empty() throws Exception;

    @Provide
    Arbitrary<Scenario> scenarios() {
        return ChatArbitraries.scenarios();
    }

    // --- loads and reads ---

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void strictLoadReturnsTheFoldOfTheEventsRead(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.of(scenario, store);
        Set<StreamId> streams = history.streams().keySet().add(StreamId.of(new RoomName("never created")));

        for (StreamId stream : streams) {
            Loaded loaded = store.load(HashSet.of(stream), Consistency.STRICT);
            Seq<ChatEvent> read = store.read(stream, 0);
            assertThat(loaded.versions().get(stream)).contains((long) read.size());
            assertThat(loaded.chat()).isEqualTo(read.foldLeft(Chat.EMPTY, (chat, event) -> chat.evolve(stream, event)));
        }
        history.assertCurrent(store.load(streams, Consistency.STRICT), streams);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void staleLoadReturnsStatesThatTheStreamsHad(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.of(scenario, store);
        Set<StreamId> streams = history.streams().keySet();

        history.assertStates(store.load(streams, Consistency.STALE), streams);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void loadAfterEachAppendReturnsTheStateOfItsVersion(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.EMPTY;
        for (Seq<ChatEvent> step : RecordedHistory.steps(scenario)) {
            history = history.append(step, store);
            Set<StreamId> streams = Append.streams(step);

            history.assertStates(store.load(streams, Consistency.STALE), streams);
            history.assertCurrent(store.load(streams, Consistency.STRICT), streams);
        }
    }

    @Property(tries = 1)
    void loadOfLongStreamReturnsTheStateOfItsVersion() throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.of(scenarioWithMembers(1, 1), store);
        for (int i = 0; i < 15; i++) {
            history = joinAndLeave(20, history, store);

            history.assertStoredIn(store);
        }
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void loadDuringAppendsReturnsTheStateOfItsVersion() throws Exception {
        ChatStore store = empty();
        RecordedHistory before = RecordedHistory.of(scenarioWithMembers(1, 1), store);
        Set<StreamId> streams = HashSet.of(
                StreamId.of(ROOM), StreamId.of(outsiders(before).head().connection()));
        Vector<Loaded> loads = Vector.empty();
        RecordedHistory history = before;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Seq<Future<Vector<Loaded>>> readers = Vector.of(Consistency.STRICT, Consistency.STALE)
                    .map(consistency -> threads.submit(() -> Vector.fill(200, () -> store.load(streams, consistency))));
            for (int appends = 0; appends < 200 && !readers.forAll(Future::isDone); appends++) {
                history = joinAndLeave(1, history, store);
            }
            for (Future<Vector<Loaded>> reader : readers) {
                loads = loads.appendAll(reader.get());
            }
        }
        for (Loaded loaded : loads.distinct()) {
            history.assertStates(loaded, streams);
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void readAfterAnyVersionReturnsAllLaterEventsInOrder(
            @ForAll("scenarios") Scenario scenario, @ForAll @IntRange(max = 90) int after) throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.of(scenario, store);

        for (StreamId stream : history.streams().keySet()) {
            assertThat(store.read(stream, 0)).isEqualTo(history.events(stream));
            assertThat(store.read(stream, after))
                    .isEqualTo(history.events(stream).drop(after));
        }
    }

    // --- appends, one after another ---

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void appendRepeatedAfterLostAnswerIsStoredOnce(
            @ForAll("scenarios") Scenario scenario, @ForAll @IntRange(max = 1000) int which) throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.of(scenario, store);
        Vector<Append> appends = history.appends();
        Assume.that(!appends.isEmpty());

        for (Append append : HashSet.of(appends.last(), appends.get(which % appends.size()))) {
            assertThat(store.append(append)).isEqualTo(Either.right(new Committed(append.versions())));
        }

        history.assertStoredIn(store);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void appendAtOldVersionConflictsAndNamesTheWinners(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.of(scenario, store);
        Assume.that(!history.appends().isEmpty());

        for (Append append : history.appends()) {
            // Its events differ from the winners. Otherwise a store that names the append's own events would pass.
            Append late = new Append(
                    Append.Id.random(),
                    append.expected(),
                    append.stateBefore(),
                    append.events().map(ChatStoreContract::oneMillisecondLater));
            Either<Conflict, Committed> outcome = store.append(late);

            assertThat(outcome.isLeft()).as("%s conflicts", late).isTrue();
            assertThat(outcome.getLeft().isFinal()).as("%s has winners", late).isTrue();
            history.assertWinners(outcome.getLeft(), late);
        }

        history.assertStoredIn(store);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void appendThatConflictsInOneStreamIsStoredInNone(
            @ForAll boolean conflictsInRoom, @ForAll @IntRange(min = 1, max = 4) int winners) throws Exception {
        ChatStore store = empty();
        RecordedHistory history = RecordedHistory.of(scenarioWithMembers(1, 1), store);
        Session guest = outsiders(history).head();
        Append late = history.next(Vector.of(joined(guest, room(history))));
        for (int i = 0; i < winners; i++) {
            history = history.append(
                    Vector.of(conflictsInRoom ? sent("message " + i, room(history)) : created("room " + i, guest)),
                    store);
        }

        Either<Conflict, Committed> outcome = store.append(late);

        assertThat(outcome.isLeft()).isTrue();
        history.assertWinners(outcome.getLeft(), late);
        history.assertStoredIn(store);
    }

    // --- concurrent appends ---

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void concurrentAppendsAtOneVersionCommitExactlyOne(@ForAll @IntRange(min = 2, max = 12) int appends)
            throws Exception {
        ChatStore store = empty();
        RecordedHistory before = RecordedHistory.of(scenarioWithMembers(3, 0), store);

        Seq<Attempt> attempts = concurrently(
                store, Vector.range(0, appends).map(i -> before.next(Vector.of(sent("message " + i, room(before))))));

        assertThat(attempts.filter(Attempt::committed)).hasSize(1);
        assertOutcomes(attempts, before, store);
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void concurrentAppendsToSeveralStreamsCommitAtMostOne(@ForAll @IntRange(min = 2, max = 8) int appends)
            throws Exception {
        ChatStore store = empty();
        RecordedHistory before = RecordedHistory.of(scenarioWithMembers(1, appends), store);

        Seq<Attempt> attempts = concurrently(
                store, outsiders(before).map(guest -> before.next(Vector.of(joined(guest, room(before))))));

        // None may be committed, because two concurrent transactions may cancel each other.
        assertThat(attempts.filter(Attempt::committed)).hasSizeLessThanOrEqualTo(1);
        assertOutcomes(attempts, before, store);
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void concurrentClientsLoseNoMessageAndDuplicateNone(@ForAll long seed) throws Exception {
        ChatStore store = empty();

        new ConcurrentClients(seed, 4, 25).run(store);
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void concurrentReadsReturnMomentsOfOneHistory(@ForAll long seed) throws Exception {
        ChatStore store = empty();
        ConcurrentClients clients = new ConcurrentClients(seed, 3, 20);
        Vector<ConcurrentRead> reads = Vector.empty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> run = threads.submit(() -> clients.run(store));
            while (!run.isDone()) {
                Consistency consistency = reads.size() % 2 == 0 ? Consistency.STRICT : Consistency.STALE;
                reads = reads.append(ConcurrentRead.of(store, clients.streams(), consistency));
                // Without a pause, many reads would see the same state.
                LockSupport.parkNanos(200_000);
            }
            run.get();
        }
        RecordedHistory history = RecordedHistory.readFrom(store, clients.streams());

        reads.forEach(read -> read.assertPartOf(history));
        reads.zip(reads.drop(1)).forEach(pair -> pair._2.assertNotOlderThan(pair._1));
    }

    // --- the message history ---

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void historyPagesContainAllMessagesUpToTheGivenState(
            @ForAll("scenarios") Scenario scenario,
            @ForAll @LongRange(max = 60) long since,
            @ForAll @IntRange(max = 9) int limit)
            throws Exception {
        ChatStore store = empty();
        RecordedHistory history = sentByAllMembers(RecordedHistory.of(scenario, store), store);
        for (RoomName name : history.chat().rooms().keySet()) {
            // Older states, too: a page ends at the given state, even if the store contains later messages.
            for (Room.Open room : history.openStates(name).takeRight(4)) {
                long seq = since % (room.seq() + 1);
                Vector<MessageSent> later = history.messages(room, seq);
                assertThat(store.after(seq, room, limit))
                        .isEqualTo(new History.Page(later.take(limit), later.size() > limit));
                assertThat(store.latest(room, limit))
                        .isEqualTo(new History.Page(history.messages(room, 0).takeRight(limit), false));
            }
        }
    }

    @Property(tries = 1)
    void latestFindsMessagesAmongTheLastMaxLookbackEventsOnly() throws Exception {
        ChatStore store = empty();
        RecordedHistory start = RecordedHistory.of(scenarioWithMembers(1, 1), store);
        RecordedHistory message = start.append(Vector.of(sent("an old message", room(start))), store);

        RecordedHistory inReach = joinAndLeave(History.MAX_LOOKBACK - 1, message, store);
        History.Page found = new History.Page(inReach.messages(room(inReach), 0), false);
        assertThat(found.messages()).hasSize(1);
        assertThat(store.latest(room(inReach), 5)).isEqualTo(found);

        RecordedHistory outOfReach = joinAndLeave(1, inReach, store);
        assertThat(store.latest(room(outOfReach), 5)).isEqualTo(new History.Page(Vector.empty(), false));
        assertThat(store.after(0, room(outOfReach), 5)).isEqualTo(found);
    }

    // --- the read models ---

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void readModelsListOpenRoomsAndRegisteredUsers(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        Chat chat = RecordedHistory.of(scenario, store).chat();

        assertReadModels(
                store,
                chat.rooms().keySet().filter(room -> chat.open(room).isDefined()),
                chat.reservations()
                        .values()
                        .map(reservation -> new RegisteredUser(reservation.user(), reservation.connection()))
                        .toSet());
    }

    @Provide
    Arbitrary<List<String>> shuffledNames() {
        return Arbitraries.shuffle(NAMES.asJava());
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void readModelsAreSortedByCodePoints(@ForAll("shuffledNames") List<String> names) throws Exception {
        ChatStore store = empty();
        Scenario scenario = Scenario.empty(ChatPolicy.DEFAULT, ChatArbitraries.START);
        for (String name : names) {
            scenario = scenario.after(commandsToRegister(
                            connection(name), UserName.of(name).get()))
                    .after(new CreateRoom(connection(name), RoomName.of(name).get(), scenario.now()));
        }
        // Some rooms are created again, so the order of the rooms is not that of the first creation.
        for (String name : names.subList(0, 3)) {
            RoomName room = RoomName.of(name).get();
            scenario = scenario.after(new LeaveRoom(connection(name), Option.some(room), scenario.now()))
                    .after(new CreateRoom(connection(name), room, scenario.now()));
        }
        RecordedHistory.of(scenario, store);

        assertReadModels(
                store,
                NAMES.map(RoomName::new).toSet(),
                NAMES.map(name -> new RegisteredUser(new UserName(name), connection(name)))
                        .toSet());
    }

    private static void assertReadModels(ChatStore store, Set<RoomName> rooms, Set<RegisteredUser> users) {
        assertThat(Eventually.await(
                                store::openRooms,
                                read -> read.size() == rooms.size()
                                        && read.toSet().equals(rooms))
                        .map(RoomName::value)
                        .asJava())
                .isSortedAccordingTo(BY_CODE_POINTS);
        assertThat(Eventually.await(
                                store::registered,
                                read -> read.size() == users.size()
                                        && read.toSet().equals(users))
                        .map(registered -> registered.user().value())
                        .asJava())
                .isSortedAccordingTo(BY_CODE_POINTS);
    }

    // --- outcomes of concurrent appends ---

    /** An append and its outcome. */
    private record Attempt(Append append, Either<Conflict, Committed> outcome) {
        boolean committed() {
            return outcome.isRight();
        }
    }

    private static Seq<Attempt> concurrently(ChatStore store, Seq<Append> appends) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Vector<Attempt> attempts = Vector.empty();
            Seq<Callable<Attempt>> calls = appends.map(append -> () -> new Attempt(append, store.append(append)));
            for (Future<Attempt> attempt : threads.invokeAll(calls.asJava())) {
                attempts = attempts.append(attempt.get());
            }
            return attempts;
        }
    }

    /** Checks that the committed appends are stored, no others are, and the conflicts name no wrong winner. */
    private static void assertOutcomes(Seq<Attempt> attempts, RecordedHistory before, ChatStore store) {
        RecordedHistory history =
                attempts.filter(Attempt::committed).map(Attempt::append).foldLeft(before, RecordedHistory::with);
        history.assertStoredIn(store);
        attempts.filter(attempt -> !attempt.committed())
                .forEach(attempt -> history.assertWinners(attempt.outcome().getLeft(), attempt.append()));
    }

    // --- histories ---

    /** A room with this many members, and this many registered users who are not members. */
    private static Scenario scenarioWithMembers(int members, int others) {
        Scenario scenario = Scenario.empty(ChatPolicy.DEFAULT, ChatArbitraries.START);
        for (int i = 0; i < members + others; i++) {
            ConnectionId connection = connection("client-" + i);
            scenario = scenario.after(commandsToRegister(connection, new UserName("user-" + i)));
            if (i < members) {
                scenario = scenario.after(
                        i == 0
                                ? new CreateRoom(connection, ROOM, scenario.now())
                                : new JoinRoom(connection, ROOM, scenario.now()));
            }
        }
        return scenario;
    }

    private static Seq<ChatCommand> commandsToRegister(ConnectionId connection, UserName user) {
        return Vector.of(
                new Connect(connection, ChatArbitraries.START),
                new RegisterUser(connection, user, new ResumeKey("a-resume-key"), ChatArbitraries.START));
    }

    private static ConnectionId connection(String name) {
        return new ConnectionId(name);
    }

    private static Room.Open room(RecordedHistory history) {
        return history.chat().open(ROOM).get();
    }

    private static Seq<Session> outsiders(RecordedHistory history) {
        return history.chat()
                .sessions()
                .values()
                .filter(session -> session.rooms().isEmpty())
                .toVector();
    }

    /** Appends this many events, up to 20 at once: the user who did not create the room joins it and leaves it in turn. */
    private static RecordedHistory joinAndLeave(int events, RecordedHistory start, ChatStore store) {
        RecordedHistory history = start;
        for (int missing = events; missing > 0; missing -= 20) {
            Vector<ChatEvent> next = Vector.empty();
            Chat chat = history.chat();
            for (int i = 0; i < Math.min(missing, 20); i++) {
                Room.Open room = chat.open(ROOM).get();
                Session guest = chat.sessions()
                        .values()
                        .find(session -> !session.connection().equals(connection("client-0")))
                        .get();
                ChatEvent event =
                        room.members().containsKey(guest.connection()) ? left(guest, room) : joined(guest, room);
                next = next.append(event);
                chat = chat.evolve(event);
            }
            history = history.append(next, store);
        }
        return history;
    }

    /** Appends a message for every member of every open room. */
    private static RecordedHistory sentByAllMembers(RecordedHistory start, ChatStore store) {
        RecordedHistory history = start;
        for (RoomName name : start.chat().rooms().keySet()) {
            for (int i = 0;
                    i
                            < start.chat()
                                    .open(name)
                                    .map(room -> room.members().size())
                                    .getOrElse(0);
                    i++) {
                history = history.append(
                        Vector.of(sent("message " + i, history.chat().open(name).get())), store);
            }
        }
        return history;
    }

    // --- events ---

    private static ChatEvent created(String room, Session session) {
        return new RoomCreated(
                new RoomName(room), 1, session.connection(), session.user().get(), ChatArbitraries.START);
    }

    private static ChatEvent joined(Session session, Room.Open room) {
        return new RoomJoined(
                room.name(),
                room.created(),
                room.seq() + 1,
                session.connection(),
                session.user().get(),
                ChatArbitraries.START);
    }

    private static ChatEvent left(Session session, Room.Open room) {
        return new RoomLeft(
                room.name(),
                room.created(),
                room.seq() + 1,
                session.connection(),
                session.user().get(),
                ChatArbitraries.START);
    }

    private static ChatEvent sent(String text, Room.Open room) {
        ConnectionId connection = room.members().keySet().head();
        return new MessageSent(
                room.name(),
                room.created(),
                room.seq() + 1,
                connection,
                room.members().get(connection).get().user(),
                new MessageText(text),
                Option.none(),
                ChatArbitraries.START);
    }

    private static ChatEvent oneMillisecondLater(ChatEvent event) {
        var at = event.at().plusMillis(1);
        return switch (event) {
            case ChatEvent.Connected e -> e.withAt(at);
            case ChatEvent.UserRegistered e -> e.withAt(at);
            case RoomCreated e -> e.withAt(at);
            case RoomJoined e -> e.withAt(at);
            case MessageSent e -> e.withAt(at);
            case RoomLeft e -> e.withAt(at);
            case ChatEvent.RoomClosed e -> e.withAt(at);
            case ChatEvent.Disconnected e -> e.withAt(at);
        };
    }
}
