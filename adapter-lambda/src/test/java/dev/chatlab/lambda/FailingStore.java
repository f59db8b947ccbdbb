package dev.chatlab.lambda;

import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatEvent.MessageSent;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.StreamId;
import dev.chatlab.inmemory.InMemoryProvider;
import dev.chatlab.ports.Append;
import dev.chatlab.ports.ChatStore;
import dev.chatlab.ports.OutcomeUnknownException;
import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store in memory that cannot be opened with the variable {@link #UNUSABLE}, and that fails to append messages, each time in another way: the first append of a message is a conflict, the second
 * one has an unknown outcome, the third one succeeds, and each later one throws an exception whose text contains the message.
 */
final class FailingStore implements ChatStore {

    static final String UNUSABLE = "FAILING_STORE_UNUSABLE";

    private final ChatStore store;
    private final AtomicInteger messages = new AtomicInteger();

    private FailingStore(ChatStore store) {
        this.store = store;
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        if (!append.events().exists(MessageSent.class::isInstance)) {
            return store.append(append);
        }
        return switch (messages.incrementAndGet()) {
            case 1 -> Either.left(new Conflict(HashMap.empty()));
            case 2 ->
                throw new OutcomeUnknownException("no response", new IllegalStateException("appending " + append));
            case 3 -> store.append(append);
            default -> throw new IllegalStateException("cannot append " + append);
        };
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

    /** Opens the store {@code failing}. */
    public static final class Provider implements ChatStore.Provider {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public ChatStore open(Map<String, String> environment) {
            if (environment.containsKey(UNUSABLE)) {
                throw new IllegalArgumentException(UNUSABLE + " is set");
            }
            return new FailingStore(new InMemoryProvider().open(environment));
        }
    }
}
