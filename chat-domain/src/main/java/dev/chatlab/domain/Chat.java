package dev.chatlab.domain;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import org.immutables.value.Value;

/**
 * The state of a chat: the fold of its events. A chat contains all streams, or a slice of them.
 *
 * <p>Each entry is the state of one stream and depends on that stream's events alone. So a slice that contains the streams of a
 * command's {@link #boundary} gives the same decision as the whole state.
 *
 * <p>Immutable: every method returns a new value.
 *
 * @param sessions the open connections
 * @param reservations the reserved user names
 * @param rooms the rooms, open or closed
 */
@Value.Builder
public record Chat(
        Map<ConnectionId, Session> sessions, Map<UserName, NameReservation> reservations, Map<RoomName, Room> rooms)
        implements WithChat {

    /** The state before the first event. */
    public static final Chat EMPTY = new Chat(HashMap.empty(), HashMap.empty(), HashMap.empty());

    /** Decides a command. Returns its events, which are none if there is nothing to do, or the rejection. */
    public Either<Rejection, Seq<ChatEvent>> decide(ChatCommand command, ChatPolicy policy) {
        return new Decider(this, policy).decide(command);
    }

    /**
     * A command's consistency boundary: the streams that {@link #decide} needs for this command, as far as this state shows.
     *
     * <p>The state of one stream may name further streams. So a caller that loads streams from a store calls this method again
     * after each load, until no stream is missing.
     */
    public Set<StreamId> boundary(ChatCommand command) {
        return Boundary.of(command, this);
    }

    /** Applies an event to all of its streams. */
    public Chat evolve(ChatEvent event) {
        return event.streams().foldLeft(this, (chat, stream) -> chat.evolve(stream, event));
    }

    /** Applies these events in order. */
    public Chat evolve(Iterable<? extends ChatEvent> events) {
        Chat chat = this;
        for (ChatEvent event : events) {
            chat = chat.evolve(event);
        }
        return chat;
    }

    /**
     * Applies an event to one of its streams, and leaves the others as they are.
     *
     * @throws IllegalArgumentException if the event does not belong to the stream
     */
    public Chat evolve(StreamId stream, ChatEvent event) {
        return switch (stream) {
            case StreamId.OfConnection(var connection)
            when event instanceof ChatEvent.OfSession e && e.streams().contains(stream) ->
                withSessions(put(sessions, connection, Session.evolve(sessions.get(connection), e)));
            case StreamId.OfUser(var user)
            when event instanceof ChatEvent.OfReservation e && e.streams().contains(stream) ->
                withReservations(put(reservations, user, NameReservation.evolve(e)));
            case StreamId.OfRoom(var room)
            when event instanceof ChatEvent.OfRoom e && e.streams().contains(stream) ->
                withRooms(rooms.put(room, Room.evolve(room(room), e)));
            case StreamId.OfConnection other -> throw notOfStream(other, event);
            case StreamId.OfUser other -> throw notOfStream(other, event);
            case StreamId.OfRoom other -> throw notOfStream(other, event);
        };
    }

    /** The part of this state that belongs to these streams. */
    public Chat slice(Set<StreamId> streams) {
        return new Chat(
                sessions.filterKeys(connection -> streams.contains(StreamId.of(connection))),
                reservations.filterKeys(user -> streams.contains(StreamId.of(user))),
                rooms.filterKeys(room -> streams.contains(StreamId.of(room))));
    }

    /** The union of two slices. Where both contain a stream, the result contains the other slice's state of it. */
    public Chat merge(Chat other) {
        return new Chat(
                other.sessions.merge(sessions), other.reservations.merge(reservations), other.rooms.merge(rooms));
    }

    /** The recipients of an event. Call it on the state after the event. */
    public Audience audience(ChatEvent event) {
        return switch (event) {
            case ChatEvent.Connected e -> new Audience.None();
            case ChatEvent.UserRegistered e -> new Audience.None();
            case ChatEvent.RoomCreated e -> new Audience.Registered();
            case ChatEvent.RoomJoined e ->
                new Audience.Members(e.room(), members(e.room()).remove(e.connection()));
            case ChatEvent.MessageSent e -> new Audience.Members(e.room(), members(e.room()));
            case ChatEvent.RoomLeft e -> new Audience.Members(e.room(), members(e.room()));
            case ChatEvent.RoomClosed e -> new Audience.Registered();
            case ChatEvent.Disconnected e ->
                e.supersededBy().isDefined() ? new Audience.SingleConnection(e.connection()) : new Audience.None();
        };
    }

    /**
     * Splits a decision into steps. Each step is appended atomically, and concerns one room at most.
     *
     * <p>Every prefix of the steps is a legal history. The same command, decided again after a prefix, gives the remaining steps.
     */
    public static Seq<Seq<ChatEvent>> steps(Seq<ChatEvent> decision) {
        return decision.foldLeft(Vector.<Seq<ChatEvent>>empty(), (steps, event) -> {
            boolean sameSubject =
                    steps.lastOption().exists(step -> subject(step.last()).equals(subject(event)));
            return sameSubject
                    ? steps.update(steps.length() - 1, step -> step.append(event))
                    : steps.append(Vector.of(event));
        });
    }

    /** The place of the stored message that has this command's sender, room and message id, if it is among the room's recent messages. */
    public Option<Receipt> receipt(ChatCommand.SendMessage command) {
        return new Decider(this, ChatPolicy.DEFAULT).receipt(command);
    }

    /** The open room of this name, if there is one. */
    public Option<Room.Open> open(RoomName name) {
        return room(name) instanceof Room.Open open ? Option.some(open) : Option.none();
    }

    Room room(RoomName name) {
        return rooms.getOrElse(name, Room.unused(name));
    }

    private Set<ConnectionId> members(RoomName name) {
        return open(name).map(room -> room.members().keySet()).getOrElse(HashSet.empty());
    }

    /** The stream that decides which step an event belongs to: consecutive events with one subject form a step. */
    private static StreamId subject(ChatEvent event) {
        return switch (event) {
            case ChatEvent.OfRoom e -> StreamId.of(e.room());
            case ChatEvent.UserRegistered e -> StreamId.of(e.user());
            case ChatEvent.Disconnected e -> e.user().map(StreamId::of).getOrElse(StreamId.of(e.connection()));
            case ChatEvent.Connected e -> StreamId.of(e.connection());
        };
    }

    private static <K, V> Map<K, V> put(Map<K, V> map, K key, Option<V> value) {
        return value.fold(() -> map.remove(key), v -> map.put(key, v));
    }

    private static IllegalArgumentException notOfStream(StreamId stream, ChatEvent event) {
        return new IllegalArgumentException(event + " does not belong to " + stream);
    }

    /** The place of a message in its room. */
    public record Receipt(RoomName room, long seq) {}
}
