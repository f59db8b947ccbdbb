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
import dev.chatlab.ports.EventStore.Loaded;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;

/**
 * All that a store was told, and so all that it must know.
 *
 * @param chat the fold of it
 * @param appends oldest first
 */
record RecordedHistory(Map<StreamId, Vector<ChatEvent>> streams, Chat chat, Vector<Append> appends) {

    static final RecordedHistory NOTHING = new RecordedHistory(HashMap.empty(), Chat.EMPTY, Vector.empty());

    /** Tells a store everything that happened in a scenario, in the steps in which a service does. */
    static RecordedHistory everything(Scenario scenario, ChatStore store) {
        RecordedHistory told = NOTHING;
        Scenario again = Scenario.empty(scenario.policy(), scenario.now());
        for (var command : scenario.commands()) {
            Seq<ChatEvent> decision = again.decide(command).getOrElse(Vector.empty());
            for (Seq<ChatEvent> step : Chat.steps(decision)) {
                Append append = told.append(step);
                assertThat(store.append(append).isRight()).as("%s", append).isTrue();
                told = told.with(append);
            }
            again = again.after(command);
        }
        return told;
    }

    /** What a store says itself that it was told, for want of who told it: by whom and in which steps is not known. */
    static RecordedHistory by(ChatStore store, Set<StreamId> streams) {
        return new RecordedHistory(
                streams.toMap(stream -> stream, stream -> store.read(stream, 0).toVector()),
                Chat.EMPTY,
                Vector.empty());
    }

    /** Events at the versions that their streams have now. */
    Append append(Seq<ChatEvent> events) {
        return new Append(
                Append.Id.random(), Append.streams(events).toMap(stream -> stream, this::version), chat, events);
    }

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

    Vector<ChatEvent> events(StreamId stream) {
        return streams.getOrElse(stream, Vector.empty());
    }

    long version(StreamId stream) {
        return events(stream).size();
    }

    /** The state that a stream had at a version. */
    Chat state(StreamId stream, long version) {
        return events(stream).take((int) version).foldLeft(Chat.EMPTY, (chat, event) -> chat.evolve(stream, event));
    }

    /** What is loaded must be what each of the streams was at the version that it is said to be of. */
    void explains(Loaded loaded, Set<StreamId> streams) {
        assertThat(loaded.versions().keySet()).isEqualTo(streams);
        Chat expected = streams.foldLeft(
                Chat.EMPTY,
                (chat, stream) ->
                        chat.merge(state(stream, loaded.versions().get(stream).get())));
        assertThat(loaded.chat()).isEqualTo(expected);
    }

    /** Every state that an open room has had. */
    Seq<Room.Open> openRooms(RoomName name) {
        StreamId stream = StreamId.of(name);
        return Vector.rangeClosed(1, (int) version(stream))
                .flatMap(version -> state(stream, version).open(name));
    }

    /** The messages of a room's life up to a state, after an event. */
    Vector<MessageSent> messages(Room.Open room, long after) {
        return events(StreamId.of(room.name()))
                .filter(MessageSent.class::isInstance)
                .map(MessageSent.class::cast)
                .filter(message ->
                        message.created() == room.created() && message.seq() > after && message.seq() <= room.seq());
    }
}
