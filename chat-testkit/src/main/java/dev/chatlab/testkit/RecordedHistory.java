package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.EventStore.Conflict;
import dev.chatlab.ports.EventStore.Consistency;
import dev.chatlab.ports.EventStore.Loaded;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/**
 * The events that a test appended to a store, and what the store must return because of them. Immutable.
 *
 * @param streams the events of each stream
 * @param chat the state after all events
 * @param appends all appends, oldest first
 */
record RecordedHistory(Map<StreamId, Vector<ChatEvent>> streams, Chat chat, Vector<Append> appends) {

    static final RecordedHistory EMPTY = new RecordedHistory(HashMap.empty(), Chat.EMPTY, Vector.empty());

    // --- recording ---

    /** Appends all events of a scenario to a store, in the steps in which a service appends them. */
    static RecordedHistory of(Scenario scenario, ChatStore store) {
        RecordedHistory history = EMPTY;
        for (Seq<ChatEvent> step : steps(scenario)) {
            history = history.append(step, store);
        }
        return history;
    }

    /** The steps of all decisions of a scenario. */
    static Seq<Seq<ChatEvent>> steps(Scenario scenario) {
        Vector<Seq<ChatEvent>> steps = Vector.empty();
        Scenario replayed = Scenario.empty(scenario.policy(), scenario.now());
        for (var command : scenario.commands()) {
            steps = steps.appendAll(replayed.decide(command).map(Chat::steps).getOrElse(Vector.empty()));
            replayed = replayed.after(command);
        }
        return steps;
    }

    /** The history that a store returns for these streams. The state and the appends are unknown and stay empty. */
    static RecordedHistory readFrom(ChatStore store, Set<StreamId> streams) {
        return new RecordedHistory(
                streams.toMap(stream -> stream, stream -> store.read(stream, 0).toVector()),
                Chat.EMPTY,
                Vector.empty());
    }

    /** Appends events to a store, at the current versions. Fails if the store does not commit them. */
    RecordedHistory append(Seq<ChatEvent> events, ChatStore store) {
        Append append = next(events);
        assertThat(store.append(append).isRight()).as("%s is committed", append).isTrue();
        return with(append);
    }

    /** A new append of events at the current versions. It is not stored and not recorded. */
    Append next(Seq<ChatEvent> events) {
        return new Append(
                Append.Id.random(), Append.streams(events).toMap(stream -> stream, this::version), chat, events);
    }

    /** The history after an append that was committed. */
    RecordedHistory with(Append append) {
        return new RecordedHistory(
                append.expected()
                        .keySet()
                        .foldLeft(
                                streams,
                                (all, stream) -> all.put(stream, events(stream).appendAll(append.eventsOf(stream)))),
                chat.evolve(append.events()),
                appends.append(append));
    }

    // --- querying ---

    Vector<ChatEvent> events(StreamId stream) {
        return streams.getOrElse(stream, Vector.empty());
    }

    long version(StreamId stream) {
        return events(stream).size();
    }

    /** The states of a stream at all versions. The index is the version. */
    Vector<Chat> states(StreamId stream) {
        return events(stream)
                .scanLeft(Chat.EMPTY, (chat, event) -> chat.evolve(stream, event))
                .toVector();
    }

    /** All states that an open room had. */
    Seq<Room.Open> openStates(RoomName name) {
        return states(StreamId.of(name)).flatMap(state -> state.open(name));
    }

    /** The messages in the life of a room up to a state, after an event. */
    Vector<MessageSent> messages(Room.Open room, long after) {
        return events(StreamId.of(room.name()))
                .filter(MessageSent.class::isInstance)
                .map(MessageSent.class::cast)
                .filter(message ->
                        message.created() == room.created() && message.seq() > after && message.seq() <= room.seq());
    }

    // --- checking ---

    /** Checks that a store returns exactly this history, and states of it. */
    void assertStoredIn(ChatStore store) {
        for (StreamId stream : streams.keySet()) {
            assertThat(store.read(stream, 0)).as("events of %s", stream).isEqualTo(events(stream));
            assertCurrent(store.load(HashSet.of(stream), Consistency.STRICT), HashSet.of(stream));
        }
        assertCurrent(store.load(streams.keySet(), Consistency.STRICT), streams.keySet());
        assertStates(store.load(streams.keySet(), Consistency.STALE), streams.keySet());
    }

    /** Checks that each of these streams is loaded in its newest state. */
    void assertCurrent(Loaded loaded, Set<StreamId> expected) {
        assertThat(loaded.versions())
                .as("versions loaded by a strict read")
                .isEqualTo(expected.toMap(stream -> stream, this::version));
        assertStates(loaded, expected);
    }

    /** Checks that each of these streams is loaded in the state that it had at the version that is reported. */
    void assertStates(Loaded loaded, Set<StreamId> expected) {
        assertThat(loaded.versions().keySet()).as("streams loaded").isEqualTo(expected);
        Chat states = Chat.EMPTY;
        for (var version : loaded.versions()) {
            assertThat(version._2).as("version of %s", version._1).isBetween(0L, version(version._1));
            states = states.merge(states(version._1).get(version._2.intValue()));
        }
        assertThat(loaded.chat()).as("state at versions %s", loaded.versions()).isEqualTo(states);
    }

    /** Checks that every winner that a conflict names was committed to its stream from the expected version on. */
    void assertWinners(Conflict conflict, Append late) {
        conflict.winners().forEach((stream, winners) -> {
            assertThat(late.expected().keySet()).as("streams of the append").contains(stream);
            long expected = late.expected().get(stream).get();
            assertThat(winners)
                    .as("winners in %s from version %s on", stream, expected)
                    .isNotEmpty()
                    .isEqualTo(events(stream).drop((int) expected).take(winners.size()));
        });
    }
}
