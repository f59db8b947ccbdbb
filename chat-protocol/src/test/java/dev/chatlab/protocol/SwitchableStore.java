package dev.chatlab.protocol;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryChatStore;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.OutcomeUnknownException;
import dev.chatlab.ports.StoreException;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;

/** A store in memory that a test makes fail. */
final class SwitchableStore implements ChatStore {

    /** What fails from now on. */
    enum Failure {
        NONE,
        /** Every append throws. */
        APPENDS,
        /** Every append is stored, and its outcome is unknown to the caller. */
        ANSWERS,
        /** Every read of messages throws. */
        HISTORY
    }

    volatile Failure failure = Failure.NONE;

    private final ChatStore store = new InMemoryChatStore();

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
        failIf(Failure.APPENDS);
        Either<Conflict, Committed> outcome = store.append(append);
        if (failure == Failure.ANSWERS) {
            throw new OutcomeUnknownException("the answer was lost");
        }
        return outcome;
    }

    @Override
    public Page after(long seq, Room.Open room, int limit) {
        failIf(Failure.HISTORY);
        return store.after(seq, room, limit);
    }

    @Override
    public Page latest(Room.Open room, int limit) {
        failIf(Failure.HISTORY);
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

    private void failIf(Failure wanted) {
        if (failure == wanted) {
            throw new StoreException("the store is down");
        }
    }
}
