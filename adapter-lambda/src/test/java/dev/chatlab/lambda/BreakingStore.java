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
 * A store that breaks on messages, one way after the other: it is in conflict with itself, loses an answer, and then fails with an
 * exception that says all it knows, as no store should.
 */
final class BreakingStore implements ChatStore {

    private final ChatStore whole;
    private final AtomicInteger messages = new AtomicInteger();

    private BreakingStore(ChatStore whole) {
        this.whole = whole;
    }

    @Override
    public Either<Conflict, Committed> append(Append append) {
        if (!append.events().exists(MessageSent.class::isInstance)) {
            return whole.append(append);
        }
        return switch (messages.incrementAndGet()) {
            case 1 -> Either.left(new Conflict(HashMap.empty()));
            case 2 -> throw new OutcomeUnknownException("no answer", new IllegalStateException("after " + append));
            case 3 -> whole.append(append);
            default -> throw new IllegalStateException("cannot append " + append);
        };
    }

    @Override
    public Loaded load(Set<StreamId> streams, Consistency consistency) {
        return whole.load(streams, consistency);
    }

    @Override
    public Seq<ChatEvent> read(StreamId stream, long after) {
        return whole.read(stream, after);
    }

    @Override
    public Page after(long seq, Room.Open room, int limit) {
        return whole.after(seq, room, limit);
    }

    @Override
    public Page latest(Room.Open room, int limit) {
        return whole.latest(room, limit);
    }

    @Override
    public Seq<RoomName> openRooms() {
        return whole.openRooms();
    }

    @Override
    public Seq<RegisteredUser> registered() {
        return whole.registered();
    }

    /** Opens the store {@code breaking}. */
    public static final class Provider implements ChatStore.Provider {
        @Override
        public String name() {
            return "breaking";
        }

        @Override
        public ChatStore open(Map<String, String> environment) {
            return new BreakingStore(new InMemoryProvider().open(environment));
        }
    }
}
