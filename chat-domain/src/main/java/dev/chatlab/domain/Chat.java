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
 * The whole world of a chat, or a slice of it: what a fold of events has come to.
 *
 * <p>Each entry is the state of one stream and depends on that stream's events alone, which is why a slice answers as the
 * world would as long as it holds the streams of the command's {@link #boundary}.
 *
 * @param sessions by connection, those that are open
 * @param claims by user name, those that are held
 * @param rooms by room name, open or closed
 */
@Value.Builder
public record Chat(Map<ConnectionId, Session> sessions, Map<UserName, Claim> claims, Map<RoomName, Room> rooms)
        implements WithChat {

    /** Before anything happened. */
    public static final Chat EMPTY = new Chat(HashMap.empty(), HashMap.empty(), HashMap.empty());

    /** What comes of the command: events that hold together with the past, none if there is nothing to do, or why not. */
    public Either<Rejection, Seq<ChatEvent>> decide(ChatCommand command, ChatPolicy policy) {
        return new Decider(this, policy).decide(command);
    }

    /** The streams that {@link #decide} must see, as far as this state tells; to be asked again when they are loaded. */
    public Set<StreamId> boundary(ChatCommand command) {
        return Boundary.of(command, this);
    }

    /** The state after an event, in all of its streams. */
    public Chat evolve(ChatEvent event) {
        return event.streams().foldLeft(this, (chat, stream) -> chat.evolve(stream, event));
    }

    /** The state after events, one after the other. */
    public Chat evolve(Iterable<? extends ChatEvent> events) {
        Chat chat = this;
        for (ChatEvent event : events) {
            chat = chat.evolve(event);
        }
        return chat;
    }

    /**
     * The state after an event of this stream, in this stream only.
     *
     * @throws IllegalArgumentException if the event is not of this stream
     */
    public Chat evolve(StreamId stream, ChatEvent event) {
        return switch (stream) {
            case StreamId.OfConnection(var connection)
            when event instanceof ChatEvent.OfSession e && e.streams().contains(stream) ->
                withSessions(put(sessions, connection, Session.evolve(sessions.get(connection), e)));
            case StreamId.OfUser(var user)
            when event instanceof ChatEvent.OfClaim e && e.streams().contains(stream) ->
                withClaims(put(claims, user, Claim.evolve(e)));
            case StreamId.OfRoom(var room)
            when event instanceof ChatEvent.OfRoom e && e.streams().contains(stream) ->
                withRooms(rooms.put(room, Room.evolve(room(room), e)));
            case StreamId.OfConnection other -> throw foreign(other, event);
            case StreamId.OfUser other -> throw foreign(other, event);
            case StreamId.OfRoom other -> throw foreign(other, event);
        };
    }

    /** These streams' part of the world. */
    public Chat slice(Set<StreamId> streams) {
        return new Chat(
                sessions.filterKeys(connection -> streams.contains(StreamId.of(connection))),
                claims.filterKeys(user -> streams.contains(StreamId.of(user))),
                rooms.filterKeys(room -> streams.contains(StreamId.of(room))));
    }

    /** Both slices as one; where both hold a stream, the other's state of it. */
    public Chat merge(Chat other) {
        return new Chat(other.sessions.merge(sessions), other.claims.merge(claims), other.rooms.merge(rooms));
    }

    /** Who is to be told of an event; to be asked of the state after it. */
    public Audience audience(ChatEvent event) {
        return switch (event) {
            case ChatEvent.Connected e -> new Audience.Nobody();
            case ChatEvent.UserRegistered e -> new Audience.Nobody();
            case ChatEvent.RoomCreated e -> new Audience.Everyone();
            case ChatEvent.RoomJoined e ->
                new Audience.Members(e.room(), members(e.room()).remove(e.connection()));
            case ChatEvent.MessageSent e -> new Audience.Members(e.room(), members(e.room()));
            case ChatEvent.RoomLeft e -> new Audience.Members(e.room(), members(e.room()));
            case ChatEvent.RoomClosed e -> new Audience.Everyone();
            case ChatEvent.Disconnected e ->
                e.supersededBy().isDefined() ? new Audience.One(e.connection()) : new Audience.Nobody();
        };
    }

    /**
     * A decision in the steps in which it may be appended, each atomically. Every prefix of them is a legal history, and
     * the command decided again after a prefix gives the rest.
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

    /** Where a message with an id is stored, as far as its room recalls: what a sender who asks twice is to be told. */
    public Option<Receipt> receipt(ChatCommand.SendMessage command) {
        return new Decider(this, ChatPolicy.DEFAULT).receipt(command);
    }

    /** The room by this name, if it is open. */
    public Option<Room.Open> open(RoomName name) {
        return room(name) instanceof Room.Open open ? Option.some(open) : Option.none();
    }

    Room room(RoomName name) {
        return rooms.getOrElse(name, Room.never(name));
    }

    private Set<ConnectionId> members(RoomName name) {
        return open(name).map(room -> room.members().keySet()).getOrElse(HashSet.empty());
    }

    /** What an event is about: a room, a user name, or else a connection. */
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
