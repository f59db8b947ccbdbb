package dev.chatlab.inmemory;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;

/**
 * The contents of the store at one moment: all events, and the state after them. Immutable.
 *
 * @param streams the entries of each stream; the entry at index n made version n + 1
 * @param chat the fold of all events
 */
record StoreContents(Map<StreamId, Vector<Entry>> streams, Chat chat) {

    static final StoreContents EMPTY = new StoreContents(HashMap.empty(), Chat.EMPTY);

    Vector<Entry> entries(StreamId stream) {
        return streams.getOrElse(stream, Vector.empty());
    }

    Seq<ChatEvent> events(StreamId stream, long after) {
        return entries(stream).drop((int) after).map(Entry::event);
    }

    long version(StreamId stream) {
        return entries(stream).length();
    }

    /** The optimistic concurrency check: whether every stream of the append has the expected version. */
    boolean hasExpectedVersions(Append append) {
        return append.expected().forAll(expected -> version(expected._1) == expected._2);
    }

    /** Whether this append is stored already, so that the caller repeats it. */
    boolean contains(Append append) {
        return append.expected()
                .forAll(expected -> version(expected._1) > expected._2
                        && entries(expected._1)
                                .get(expected._2.intValue())
                                .append()
                                .equals(append.id()));
    }

    /** The contents after an append. */
    StoreContents with(Append append) {
        return append.events().foldLeft(this, (contents, event) -> contents.with(new Entry(append.id(), event)));
    }

    private StoreContents with(Entry entry) {
        return new StoreContents(
                entry.event
                        .streams()
                        .foldLeft(
                                streams,
                                (all, stream) -> all.put(
                                        stream,
                                        all.getOrElse(stream, Vector.empty()).append(entry))),
                chat.evolve(entry.event));
    }

    /** An event, and the id of the append that stored it. */
    record Entry(Append.Id append, ChatEvent event) {}
}
