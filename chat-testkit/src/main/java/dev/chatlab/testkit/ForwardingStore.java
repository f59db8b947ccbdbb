package dev.chatlab.testkit;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;

/** A store that forwards every call to another store. Base class of decorators, which override what they change. */
public abstract class ForwardingStore implements ChatStore {

    private final ChatStore store;

    /** Forwards to this store. */
    protected ForwardingStore(ChatStore store) {
        this.store = store;
    }

    @Override
    public Loaded load(Set<StreamId> streams, Consistency consistency) {
        return store.load(streams, consistency);
    }

    @Override
    public Seq<ChatEvent> read(StreamId stream, long after) {
        return store.read(stream, after);
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        return store.append(append);
    }

    @Override
    public Page after(long seq, Room.Open room, int limit) {
        return store.after(seq, room, limit);
    }

    @Override
    public Page latest(Room.Open room, int limit) {
        return store.latest(room, limit);
    }

    @Override
    public Seq<RoomName> openRooms() {
        return store.openRooms();
    }

    @Override
    public Seq<RegisteredUser> registered() {
        return store.registered();
    }
}
