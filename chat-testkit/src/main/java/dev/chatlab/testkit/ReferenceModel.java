package dev.chatlab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import dev.chatlab.domain.ChatPolicy;
import dev.chatlab.domain.ClientMessageId;
import dev.chatlab.domain.ConnectionId;
import dev.chatlab.domain.NameReservation;
import dev.chatlab.domain.Room;
import dev.chatlab.domain.RoomName;
import dev.chatlab.domain.Session;
import dev.chatlab.domain.UserName;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A second, independent implementation of the chat's rules, on mutable collections: which events may follow which, and the state
 * that results. It shares only the types of events and states with {@link Chat}.
 */
public final class ReferenceModel {

    private final ChatPolicy policy;
    private final Map<ConnectionId, ChatEvent.Connected> connections = new HashMap<>();
    private final Map<ConnectionId, UserName> names = new HashMap<>();
    private final Map<UserName, ChatEvent.UserRegistered> reservations = new HashMap<>();
    private final Map<RoomName, Vector<ChatEvent.OfRoom>> roomEvents = new HashMap<>();
    private final Map<RoomName, Map<ConnectionId, Room.Member>> openRooms = new HashMap<>();
    /** The reservations that a takeover ended, until the new connection has registered. */
    private final Map<UserName, ChatEvent.UserRegistered> takeovers = new HashMap<>();

    private ReferenceModel(ChatPolicy policy) {
        this.policy = policy;
    }

    /**
     * Checks that the events are a legal history that ends with a complete step, and that this is the state after them.
     *
     * @throws AssertionError if an event breaks a rule, or the state differs from the model's
     */
    public static void check(ChatPolicy policy, Iterable<? extends ChatEvent> events, Chat chat) {
        var model = new ReferenceModel(policy);
        events.forEach(model::apply);
        model.checkComplete();
        model.checkState(chat);
    }

    /** Checks the events and the state of a scenario. */
    public static void check(Scenario scenario) {
        check(scenario.policy(), scenario.events(), scenario.chat());
    }

    private void apply(ChatEvent event) {
        if (event instanceof ChatEvent.OfRoom e) {
            recordRoomEvent(e);
        }
        switch (event) {
            case ChatEvent.Connected e ->
                assertThat(connections.put(e.connection(), e))
                        .as("session before %s", e)
                        .isNull();
            case ChatEvent.UserRegistered e -> {
                assertThat(Option.of(connections.get(e.connection()))
                                .map(connected -> connected.at().plus(policy.connectionLifetime())))
                        .as("expiry in %s", e)
                        .isEqualTo(Option.some(e.expiresAt()));
                assertThat(names.put(e.connection(), e.user()))
                        .as("user name of the connection before %s", e)
                        .isNull();
                assertThat(reservations.put(e.user(), e))
                        .as("reservation before %s", e)
                        .isNull();
                var before = takeovers.remove(e.user());
                assertThat(before == null || before.key().equals(e.key()) || !e.at().isBefore(before.expiresAt()))
                        .as("%s may take over %s", e, before)
                        .isTrue();
            }
            case ChatEvent.RoomCreated e -> {
                assertThat(openRooms.put(e.room(), new HashMap<>()))
                        .as("open room before %s", e)
                        .isNull();
                addMember(e.room(), e.seq(), e.connection(), e.user());
            }
            case ChatEvent.RoomJoined e -> addMember(e.room(), e.seq(), e.connection(), e.user());
            case ChatEvent.MessageSent e -> {
                checkMember(e.room(), e.connection(), e.user());
                assertThat(e.id().filter(id -> recent(e.room(), e.seq() - 1)
                                .exists(sent -> sent.user().equals(e.user())
                                        && sent.id().equals(id))))
                        .as("recent messages with the id of %s", e)
                        .isEmpty();
            }
            case ChatEvent.RoomLeft e -> {
                checkMember(e.room(), e.connection(), e.user());
                members(e.room()).remove(e.connection());
            }
            case ChatEvent.RoomClosed e -> {
                assertThat(policy.closeEmptyRooms())
                        .as("policy closes empty rooms")
                        .isTrue();
                assertThat(openRooms.remove(e.room()))
                        .as("members before %s", e)
                        .isEmpty();
            }
            case ChatEvent.Disconnected e -> {
                assertThat(connections.remove(e.connection()))
                        .as("session before %s", e)
                        .isNotNull();
                assertThat(Option.of(names.remove(e.connection())))
                        .as("user name before %s", e)
                        .isEqualTo(e.user());
                assertThat(roomsOf(e.connection())).as("rooms before %s", e).isEmpty();
                e.user().forEach(user -> {
                    var reservation = reservations.remove(user);
                    e.supersededBy().forEach(successor -> takeovers.put(user, reservation));
                });
            }
        }
    }

    private void recordRoomEvent(ChatEvent.OfRoom event) {
        var events = roomEvents.merge(event.room(), Vector.of(event), Vector::appendAll);
        assertThat(event.seq()).as("seq of %s", event).isEqualTo(events.size());
        assertThat(events.findLast(ChatEvent.RoomCreated.class::isInstance).map(ChatEvent.OfRoom::seq))
                .as("creation of the room in %s", event)
                .isEqualTo(Option.some(event.created()));
    }

    private void addMember(RoomName room, long seq, ConnectionId connection, UserName user) {
        assertThat(names).as("registered connections, to join %s", room).containsEntry(connection, user);
        assertThat(members(room).put(connection, new Room.Member(user, seq)))
                .as("membership of %s in %s before", connection, room)
                .isNull();
        assertThat(roomsOf(connection))
                .as("rooms of %s", connection)
                .hasSizeLessThanOrEqualTo(policy.maxRoomsPerConnection());
    }

    private void checkMember(RoomName room, ConnectionId connection, UserName user) {
        assertThat(Option.of(members(room).get(connection)).map(Room.Member::user))
                .as("user name of member %s in %s", connection, room)
                .isEqualTo(Option.some(user));
    }

    private Map<ConnectionId, Room.Member> members(RoomName room) {
        assertThat(openRooms).as("open rooms").containsKey(room);
        return Objects.requireNonNull(openRooms.get(room));
    }

    private List<RoomName> roomsOf(ConnectionId connection) {
        return openRooms.entrySet().stream()
                .filter(room -> room.getValue().containsKey(connection))
                .map(Map.Entry::getKey)
                .toList();
    }

    private record Message(UserName user, ClientMessageId id, long seq) {}

    /** The messages with a message id among the last events of the room's current life, up to this event. */
    private Vector<Message> recent(RoomName room, long upTo) {
        var events = roomEvents.getOrDefault(room, Vector.empty());
        return events.filter(event -> event.seq() <= upTo && event.seq() > upTo - Room.DEDUPLICATION_WINDOW)
                .filter(event -> event.created() == events.last().created())
                .flatMap(event -> event instanceof ChatEvent.MessageSent e
                        ? e.id().map(id -> new Message(e.user(), id, e.seq()))
                        : Option.none());
    }

    /** Checks that each name under takeover has its new connection, and that no room is empty if the policy closes empty rooms. */
    private void checkComplete() {
        assertThat(takeovers).as("takeovers without a new connection").isEmpty();
        if (policy.closeEmptyRooms()) {
            assertThat(openRooms.values())
                    .as("members of open rooms")
                    .allSatisfy(members -> assertThat(members).isNotEmpty());
        }
    }

    private void checkState(Chat chat) {
        var sessions = new HashMap<ConnectionId, Session>();
        connections.forEach((connection, e) -> sessions.put(
                connection,
                new Session(
                        connection,
                        e.at(),
                        e.identity(),
                        Option.of(names.get(connection)),
                        Vector.ofAll(roomsOf(connection)).toSet())));
        assertThat(chat.sessions().toJavaMap()).as("sessions").isEqualTo(sessions);

        var held = new HashMap<UserName, NameReservation>();
        reservations.forEach(
                (user, e) -> held.put(user, new NameReservation(user, e.connection(), e.key(), e.expiresAt())));
        assertThat(chat.reservations().toJavaMap()).as("reservations").isEqualTo(held);

        var rooms = new HashMap<RoomName, Room>();
        roomEvents.forEach((name, events) -> {
            long seq = events.size();
            var members = openRooms.get(name);
            rooms.put(
                    name,
                    members == null
                            ? new Room.Closed(name, seq)
                            : new Room.Open(
                                    name,
                                    events.last().created(),
                                    seq,
                                    io.vavr.collection.HashMap.ofAll(members),
                                    recent(name, seq)
                                            .map(sent -> Room.RecentMessage.of(sent.user(), sent.id(), sent.seq()))));
        });
        assertThat(chat.rooms().toJavaMap()).as("rooms").isEqualTo(rooms);
    }
}
