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
 * The state of a chat: the fold of its events. It contains all streams, or a slice of them.
 *
 * <p>Each entry is the state of one stream and depends on that stream's events alone. So a slice that contains the streams of a
 * command's {@link #boundary} gives the same decision as the whole state.
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

    /** Decides a command: its events, none if there is nothing to do, or why the command is rejected. */
    public Either<Rejection, Seq<ChatEvent>> decide(ChatCommand command, ChatPolicy policy) {
        return new Decider(this, policy).decide(command);
    }

    /**
     * The streams that {@link #decide} needs for this command, as far as this state shows. After loading them the caller asks
     * again, until no stream is missing.
     */
    public Set<StreamId> boundary(ChatCommand command) {
        return Boundary.of(command, this);
    }

    /** The state after an event, in all of the event's streams. */
    public Chat evolve(ChatEvent event) {
        return event.streams().foldLeft(this, (chat, stream) -> chat.evolve(stream, event));
    }

    /** The state after these events, in order. */
    public Chat evolve(Iterable<? extends ChatEvent> events) {
        Chat chat = this;
        for (ChatEvent event : events) {
            chat = chat.evolve(event);
        }
        return chat;
    }

    /**
     * The state after an event, in this one of its streams only.
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
            case StreamId.OfConnection other -> throw foreign(other, event);
            case StreamId.OfUser other -> throw foreign(other, event);
            case StreamId.OfRoom other -> throw foreign(other, event);
        };
    }

    /** The part of this state that belongs to these streams. */
    public Chat slice(Set<StreamId> streams) {
        return new Chat(
                sessions.filterKeys(connection -> streams.contains(StreamId.of(connection))),
                reservations.filterKeys(user -> streams.contains(StreamId.of(user))),
                rooms.filterKeys(room -> streams.contains(StreamId.of(room))));
    }

    /** The union of both states. For a stream in both, the other's state wins. */
    public Chat merge(Chat other) {
        return new Chat(
                other.sessions.merge(sessions), other.reservations.merge(reservations), other.rooms.merge(rooms));
    }

    /** The recipients of an event. This must be the state after the event. */
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
     * Splits a decision into the steps in which it may be appended, each step atomically. Every prefix of the steps is a legal
     * history, and the command decided again after a prefix gives the remaining steps. A step belongs to one room at most.
     */
    public static Seq<Seq<ChatEvent>> steps(Seq<ChatEvent> decision) {
        return decision.foldLeft(Vector.<Seq<ChatEvent>>empty(), (steps, event) -> {
            boolean together =
                    steps.lastOption().exists(step -> subject(step.last()).equals(subject(event)));
            return together
                    ? steps.update(steps.length() - 1, step -> step.append(event))
                    : steps.append(Vector.of(event));
        });
    }

    /** Where a message with this command's id is stored, if it is among the room's recent messages. */
    public Option<Receipt> receipt(ChatCommand.SendMessage command) {
        return new Decider(this, ChatPolicy.DEFAULT).receipt(command);
    }

    /** The room of this name, if it is open. */
    public Option<Room.Open> open(RoomName name) {
        return room(name) instanceof Room.Open open ? Option.some(open) : Option.none();
    }

    Room room(RoomName name) {
        return rooms.getOrElse(name, Room.unused(name));
    }

    private Set<ConnectionId> members(RoomName name) {
        return open(name).map(room -> room.members().keySet()).getOrElse(HashSet.empty());
    }

    /** The stream that an event is mainly about. Consecutive events about one stream form a step. */
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

    private static IllegalArgumentException foreign(StreamId stream, ChatEvent event) {
        return new IllegalArgumentException(event + " does not belong to " + stream);
    }

    /** The place of a message in its room. */
    public record Receipt(RoomName room, long seq) {}
}
