package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.ChatEvent.RoomJoined;
import dev.chatlab.domain.ChatEvent.RoomLeft;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.MessageText;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Committed;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * What every {@link ChatStore} must do. An adapter's test extends it and says what an empty store is; nothing else.
 *
 * <p>A store may lag where the port lets it. All of it happens around {@link ChatArbitraries#START}: a store that forgets what is
 * old must have a clock that stands there.
 */
public abstract class ChatStoreContract {

    private static final int TRIES = 15;

    private static final Comparator<String> CODE_POINTS =
            Comparator.comparing(name -> name.codePoints().toArray(), Arrays::compare);

    /** A store that nothing has happened in; called anew for every try. */
    protected abstract ChatStore empty() throws Exception;

    @Provide
    Arbitrary<Scenario> scenarios() {
        return ChatArbitraries.scenarios();
    }

    // --- what is read is what was appended ---

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void whatIsLoadedIsTheFoldOfWhatIsRead(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(scenario, store);
        Set<StreamId> streams = told.streams().keySet().add(StreamId.of(new RoomName("never opened")));

        for (StreamId stream : streams) {
            var loaded = store.load(HashSet.of(stream), Consistency.STRICT);
            Seq<ChatEvent> read = store.read(stream, 0);
            assertThat(loaded.versions().get(stream)).contains((long) read.size());
            assertThat(loaded.chat()).isEqualTo(read.foldLeft(Chat.EMPTY, (chat, event) -> chat.evolve(stream, event)));
        }
        told.explains(store.load(streams, Consistency.STRICT), streams);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void aStaleStateIsOneThatThereWas(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(scenario, store);
        Set<StreamId> streams = told.streams().keySet();

        told.explains(store.load(streams, Consistency.STALE), streams);
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void eventsAreReadInOrderAndWithoutGapsFromAnyVersion(
            @ForAll("scenarios") Scenario scenario, @ForAll @IntRange(max = 90) int after) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(scenario, store);

        for (StreamId stream : told.streams().keySet()) {
            assertThat(store.read(stream, 0)).isEqualTo(told.events(stream));
            assertThat(store.read(stream, after)).isEqualTo(told.events(stream).drop(after));
        }
    }

    // --- an append happens once, in all of its streams, or not at all ---

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void anAppendThatIsLateInOneStreamHappensInNone(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(scenario, store);
        Option<Room.Open> somewhere = told.chat()
                .rooms()
                .values()
                .toVector()
                .flatMap(room -> told.chat().open(room.name()))
                .headOption();
        Option<Session> newcomer = somewhere.flatMap(room -> told.chat()
                .sessions()
                .values()
                .filter(session ->
                        session.user().isDefined() && !session.rooms().contains(room.name()))
                .headOption());
        if (newcomer.isEmpty() || somewhere.exists(room -> room.members().isEmpty())) {
            return;
        }
        Room.Open room = somewhere.get();
        Append late = told.append(Vector.of(joining(newcomer.get(), room)));
        Append first = told.append(Vector.of(saying("first", room)));
        assertThat(store.append(first).isRight()).isTrue();

        assertThat(store.append(late).isLeft()).isTrue();

        RecordedHistory now = told.with(first);
        Set<StreamId> streams = now.streams().keySet();
        now.explains(store.load(streams, Consistency.STRICT), streams);
        for (StreamId stream : streams) {
            assertThat(store.read(stream, 0)).isEqualTo(now.events(stream));
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void anAppendThatIsRepeatedIsOneAppend(
            @ForAll("scenarios") Scenario scenario, @ForAll @IntRange(max = 1000) int which) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(scenario, store);
        if (told.appends().isEmpty()) {
            return;
        }
        for (Append append : HashSet.of(
                told.appends().last(), told.appends().get(which % told.appends().size()))) {
            assertThat(store.append(append)).isEqualTo(Either.right(new Committed(append.versions())));
        }
        for (StreamId stream : told.streams().keySet()) {
            assertThat(store.read(stream, 0)).isEqualTo(told.events(stream));
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void whoeverIsLateIsToldByWhomAndNotMerelyThat(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(scenario, store);
        for (Append append : told.appends()) {
            Append late = new Append(Append.Id.random(), append.expected(), append.stateBefore(), append.events());

            Either<Conflict, Committed> outcome = store.append(late);

            assertThat(outcome.isLeft()).isTrue();
            assertThat(outcome.getLeft().isFinal()).isTrue();
            truthful(outcome.getLeft(), late, told);
        }
    }

    private static void truthful(Conflict conflict, Append late, RecordedHistory told) {
        conflict.winners().forEach((stream, winners) -> {
            long expected = late.expected().get(stream).get();
            assertThat(winners)
                    .isNotEmpty()
                    .isEqualTo(told.events(stream).drop((int) expected).take(winners.size()));
        });
    }

    // --- many at once ---

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void ofAppendsAtOneVersionExactlyOneWins(@ForAll @IntRange(min = 2, max = 12) int contenders) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(ConcurrentClients.inTheHall(3), store);
        Room.Open hall = told.chat().open(ConcurrentClients.HALL).get();
        Seq<Append> appends = Vector.range(0, contenders).map(i -> told.append(Vector.of(saying("I am " + i, hall))));

        Seq<Either<Conflict, Committed>> outcomes = atOnce(appends.map(append -> () -> store.append(append)));

        Seq<Append> won =
                appends.zip(outcomes).filter(pair -> pair._2.isRight()).map(pair -> pair._1);
        assertThat(won).hasSize(1);
        RecordedHistory now = told.with(won.head());
        assertThat(store.read(StreamId.of(ConcurrentClients.HALL), 0))
                .isEqualTo(now.events(StreamId.of(ConcurrentClients.HALL)));
        appends.zip(outcomes)
                .filter(pair -> pair._2.isLeft())
                .forEach(pair -> truthful(pair._2.getLeft(), pair._1, now));
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void ofAppendsToSeveralStreamsNoTwoWin(@ForAll @IntRange(min = 2, max = 8) int contenders) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(ConcurrentClients.beforeTheHall(contenders), store);
        Room.Open hall = told.chat().open(ConcurrentClients.HALL).get();
        Seq<Session> outside = told.chat()
                .sessions()
                .values()
                .filter(session -> session.rooms().isEmpty())
                .toVector();
        Seq<Append> appends = outside.map(session -> told.append(Vector.of(joining(session, hall))));

        Seq<Either<Conflict, Committed>> outcomes = atOnce(appends.map(append -> () -> store.append(append)));

        // With two transactions at one item each may be what stopped the other: then nobody has won, and nothing is
        // there.
        Seq<Append> won =
                appends.zip(outcomes).filter(pair -> pair._2.isRight()).map(pair -> pair._1);
        assertThat(won.size()).isLessThanOrEqualTo(1);
        RecordedHistory now = won.foldLeft(told, RecordedHistory::with);
        Set<StreamId> streams = now.streams().keySet();
        now.explains(store.load(streams, Consistency.STRICT), streams);
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void aCrowdLosesNothingAndDoublesNothing(@ForAll long seed) throws Exception {
        ChatStore store = empty();

        new ConcurrentClients(seed, 4, 25).run(store);
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void whateverIsSeenMeanwhileIsAMomentOfTheOnePast(@ForAll long seed) throws Exception {
        ChatStore store = empty();
        ConcurrentClients crowd = new ConcurrentClients(seed, 3, 20);
        Vector<ConcurrentRead> glances = Vector.empty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> life = threads.submit(() -> crowd.run(store));
            while (!life.isDone()) {
                Consistency consistency = glances.size() % 2 == 0 ? Consistency.STRICT : Consistency.STALE;
                glances = glances.append(ConcurrentRead.at(store, crowd.streams(), consistency));
                // So that they see many moments, and not one moment many times.
                LockSupport.parkNanos(200_000);
            }
            life.get();
        }
        RecordedHistory told = RecordedHistory.by(store, crowd.streams());

        glances.forEach(glance -> glance.isExplainedBy(told));
        glances.zip(glances.drop(1)).forEach(pair -> pair._2.isNoOlderThan(pair._1));
    }

    private static <T> Seq<T> atOnce(Seq<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Vector<T> results = Vector.empty();
            for (Future<T> call : threads.invokeAll(calls.asJava())) {
                results = results.append(call.get());
            }
            return results;
        }
    }

    // --- what is read from it ---

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void historyComesInPagesThatMissNothing(
            @ForAll("scenarios") Scenario scenario,
            @ForAll @LongRange(max = 60) long since,
            @ForAll @IntRange(max = 9) int limit)
            throws Exception {
        ChatStore store = empty();
        RecordedHistory told = everybodySpeaks(RecordedHistory.everything(scenario, store), store);
        for (Room room : told.chat().rooms().values()) {
            // Asked from an older state, it is answered up to that state.
            for (Room.Open open : told.openRooms(room.name()).takeRight(4)) {
                long seq = since % (open.seq() + 1);
                Vector<MessageSent> later = told.messages(open, seq);
                assertThat(store.after(seq, open, limit))
                        .isEqualTo(new History.Page(later.take(limit), later.size() > limit));
                assertThat(store.latest(open, limit))
                        .isEqualTo(new History.Page(told.messages(open, 0).takeRight(limit), false));
            }
        }
    }

    @Property(tries = 1)
    void theLastMessagesAreSoughtSoFarBackAndNoFurther() throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(ConcurrentClients.beforeTheHall(1), store);
        Append message = told.append(Vector.of(
                saying("long ago", told.chat().open(ConcurrentClients.HALL).get())));
        assertThat(store.append(message).isRight()).isTrue();

        RecordedHistory then = comingAndGoing(History.MAX_LOOKBACK - 1, told.with(message), store);
        Room.Open still = then.chat().open(ConcurrentClients.HALL).get();
        assertThat(store.latest(still, 5)).isEqualTo(new History.Page(then.messages(still, 0), false));

        Room.Open later = comingAndGoing(1, then, store)
                .chat()
                .open(ConcurrentClients.HALL)
                .get();
        assertThat(store.latest(later, 5)).isEqualTo(new History.Page(Vector.empty(), false));
        assertThat(store.after(0, later, 5)).isEqualTo(new History.Page(then.messages(still, 0), false));
    }

    /** Somebody joins the hall, leaves it, joins it and so on, in so many events. */
    private static RecordedHistory comingAndGoing(int events, RecordedHistory told, ChatStore store) {
        RecordedHistory now = told;
        for (int left = events; left > 0; left -= 20) {
            Vector<ChatEvent> some = Vector.empty();
            Chat chat = now.chat();
            for (int i = 0; i < Math.min(left, 20); i++) {
                Room.Open hall = chat.open(ConcurrentClients.HALL).get();
                Session guest = chat.sessions()
                        .values()
                        .find(session -> !hall.members()
                                .get(session.connection())
                                .exists(member -> member.joined() == hall.created()))
                        .get();
                ChatEvent next =
                        hall.members().containsKey(guest.connection()) ? leaving(guest, hall) : joining(guest, hall);
                some = some.append(next);
                chat = chat.evolve(next);
            }
            Append append = now.append(some);
            assertThat(store.append(append).isRight()).isTrue();
            now = now.with(append);
        }
        return now;
    }

    private static RecordedHistory everybodySpeaks(RecordedHistory told, ChatStore store) {
        RecordedHistory now = told;
        for (Room.Open room :
                told.chat().rooms().values().flatMap(room -> told.chat().open(room.name()))) {
            for (ConnectionId member : room.members().keySet()) {
                Append append = now.append(Vector.of(
                        saying("I am " + member, now.chat().open(room.name()).get())));
                assertThat(store.append(append).isRight()).isTrue();
                now = now.with(append);
            }
        }
        return now;
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void theDirectoryAgreesWithTheEvents(@ForAll("scenarios") Scenario scenario) throws Exception {
        ChatStore store = empty();
        RecordedHistory told = RecordedHistory.everything(scenario, store);

        Seq<RoomName> open = told.chat()
                .rooms()
                .values()
                .filter(Room.Open.class::isInstance)
                .map(Room::name)
                .toVector();
        Seq<RegisteredUser> registered = told.chat()
                .reservations()
                .values()
                .map(reservation -> new RegisteredUser(reservation.user(), reservation.connection()))
                .toVector();
        Eventually.assertThat(store::openRooms, rooms -> sameElements(rooms, open));
        Eventually.assertThat(store::registered, users -> sameElements(users, registered));
        assertThat(store.openRooms().map(RoomName::value).asJava()).isSortedAccordingTo(CODE_POINTS);
        assertThat(store.registered().map(one -> one.user().value()).asJava()).isSortedAccordingTo(CODE_POINTS);
    }

    private static <T> boolean sameElements(Seq<T> some, Seq<T> others) {
        return some.size() == others.size() && some.toSet().equals(others.toSet());
    }

    // --- events that hold together with a room's past ---

    private static ChatEvent joining(Session session, Room.Open room) {
        return new RoomJoined(
                room.name(),
                room.created(),
                room.seq() + 1,
                session.connection(),
                session.user().get(),
                ChatArbitraries.START);
    }

    private static ChatEvent leaving(Session session, Room.Open room) {
        return new RoomLeft(
                room.name(),
                room.created(),
                room.seq() + 1,
                session.connection(),
                session.user().get(),
                ChatArbitraries.START);
    }

    private static ChatEvent saying(String text, Room.Open room) {
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
}
